import pytest

from theming.browsers import browser_words

MOZILLA = "Mozilla/5.0 "
KHTML = "AppleWebKit/537.36 (KHTML, like Gecko) "


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        (MOZILLA + "(Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Windows"),
        (MOZILLA + "(X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox on Linux"),
        (MOZILLA + f"(Macintosh; Intel Mac OS X 10_15_7) {KHTML}Chrome/131.0.0.0 Safari/537.36", "Chrome on Mac"),
        (MOZILLA + f"(Windows NT 10.0; Win64; x64) {KHTML}Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
         "Edge on Windows"),
        (MOZILLA + f"(Windows NT 10.0; Win64; x64) {KHTML}Chrome/130.0.0.0 Safari/537.36 OPR/116.0.0.0",
         "Opera on Windows"),
        (MOZILLA + f"(Linux; Android 14; SM-S921B) {KHTML}SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
         "Samsung Internet on Android"),
        (MOZILLA + f"(Linux; Android 10; K) {KHTML}Chrome/131.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        (MOZILLA + "(iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
         "Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (MOZILLA + "(iPad; CPU OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/131.0 "
         "Mobile/15E148 Safari/604.1", "Chrome on iPad"),
        (MOZILLA + "(Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
         "Safari/605.1.15", "Safari on Mac"),
        (MOZILLA + f"(X11; CrOS x86_64 14541.0.0) {KHTML}Chrome/131.0.0.0 Safari/537.36", "Chrome on ChromeOS"),
        ("w3m/0.5.3+git20230121", "w3m"),
        ("Lynx/2.9.0dev.12 libwww-FM/2.14 SSL-MM/1.4.1 GNUTLS/3.7.8", "Lynx"),
        ("Links (2.28; Linux 6.1 x86_64; GNU C 12.2; text)", "Links on Linux"),
        ("ELinks/0.16.1 (textmode; Linux 6.1 x86_64; 80x24-2)", "ELinks on Linux"),
        ("Dillo/3.0.5", "Dillo"), (MOZILLA + "(test)", "A browser"), ("", "A browser"), ("\x00<b>", "A browser"),
        (MOZILLA + "(Windows NT 10.0) Something/1.0", "A browser on Windows"),
    ],
)  # fmt: skip
def test_a_browser_in_words(user_agent, words):
    assert browser_words(user_agent) == words
