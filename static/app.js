/* Comfort only: every page works without this file. Nothing is stored. */
(function () {
  'use strict';
  var d = document, by = function (id) { return d.getElementById(id); };
  function say(key) { var net = by('net'); if (net) net.textContent = key ? net.dataset[key] : ''; }
  function close(focus) {
    var menu = by('menu');
    if (!menu || !menu.open) return;
    menu.open = false;
    if (focus) menu.querySelector('summary').focus();
  }
  d.addEventListener('keydown', function (e) { if (e.key === 'Escape') close(true); });
  d.addEventListener('click', function (e) { if (!e.target.closest('#menu')) close(false); });

  d.addEventListener('htmx:beforeRequest', function () { say(''); });
  d.addEventListener('htmx:beforeSwap', function (e) {
    // A proxy's own error page has no main to show: keep what is on the screen.
    var x = e.detail.xhr;
    if (x.status !== 204 && x.responseText.indexOf('id="main"') < 0) { e.detail.shouldSwap = false; say('failed'); }
  });
  d.addEventListener('htmx:afterSwap', function (e) {
    // A list that follows what is being typed leaves the cursor where it is.
    if (e.detail.target.id !== 'main') return;
    var main = by('main'), to = by('problem') || main;
    close(false);
    to.focus({ preventScroll: true });
    if (to.getBoundingClientRect().top < 0) { if (to === main) scrollTo(0, 0); else to.scrollIntoView(); }
  });
  ['sendError', 'timeout', 'sendAbort'].forEach(function (name) {
    d.addEventListener('htmx:' + name, function () { say('offline'); });
  });
})();
