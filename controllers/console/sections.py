"""The sections of a course: made, named, put into each other, kept closed for a while."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post

from forms.console.content import SectionForm
from tables import course_editing as editing
from tables.course import Section
from tables.course_parts import DEEPEST, Node, Parts
from theming.words import _
from web.content import at, change, own_parts_of, part_of, section_in
from web.rendering import redirect, render
from web.requests import Part, center_of, form_of, query_of, screen


@screen("/courses/{course:str}/sections/new")
async def new(request: Request, course: Part) -> Response:
    parts = await own_parts_of(request, course)
    return form_page(request, parts, None, SectionForm({"parent": query_of(request).get("parent", "")}))


@screen("/courses/{course:str}/sections")
async def index(request: Request, course: Part) -> Response:
    await own_parts_of(request, course)
    return redirect(request, at(request, course))


@post("/courses/{course:str}/sections")
async def create(request: Request, course: Part) -> Response:
    form = SectionForm.read(form_of(request))

    async def work(parts: Parts) -> Section:
        section = await editing.add_section(parts, form.values["title"], parent_of(parts, form))
        await save(await Parts.of(parts.course), section, form)
        return section

    return await written(request, course, None, form, "section.made", work)


@screen("/courses/{course:str}/sections/{section:str}")
async def edit(request: Request, course: Part, section: Part) -> Response:
    parts = await own_parts_of(request, course)
    return form_page(request, parts, section_in(parts, section), typed(parts, section_in(parts, section).section))


@post("/courses/{course:str}/sections/{section:str}")
async def update(request: Request, course: Part, section: Part) -> Response:
    form = SectionForm.read(form_of(request))

    async def work(parts: Parts) -> Section:
        row = section_in(parts, section).section
        if row.clickfunnels_id != parts.root:
            await editing.put_section(parts, row, parent_of(parts, form))
        await save(await Parts.of(parts.course), row, form)
        return row

    return await written(request, course, section, form, "section.changed", work)


ROUTES = [new, index, create, edit, update]


async def written(
    request: Any, course: str, section: str | None, form: SectionForm, action: str, work: Any
) -> Response:
    """Save what the form says; a circle, or too many levels, is told beside its field."""
    parts = await own_parts_of(request, course)
    node = section_in(parts, section) if section else None
    if not form.errors:
        try:
            await change(request, course, action, work, subject=form.values["title"])
        except editing.Circle:
            form.errors["opens"] = _("That would never open: one of the two would wait for itself.")
        except editing.TooDeep:
            form.errors["parent"] = _(
                "Choose another: sections go %(count)s levels deep, and none into itself.", count=DEEPEST
            )
    if form.errors:
        return form_page(request, parts, node, form, status=422)
    return redirect(request, at(request, course, "?done=saved" if section else "?done=made"))


async def save(parts: Parts, section: Section, form: SectionForm) -> None:
    """Everything but the section's place. `parts` is the course as it is now, the section in it."""
    row = parts.sections[section.clickfunnels_id]
    kind, _colon, name = form.values["opens"].partition(":")
    other = parts.find(name) if kind == "section" else None
    lesson = parts.lesson(name) if kind == "lesson" else None
    if name and not (other or lesson):
        raise editing.Circle
    await editing.change(
        row, title=form.values["title"], description=form.values["description"], upgrade_url=form.text("upgrade_url"),
        days_till_drip_access=form.days, hidden_from_non_members=bool(form.values["hidden"]),
    )  # fmt: skip
    await editing.wait_for(
        parts, row, other.section.clickfunnels_id if other else None, lesson[1].clickfunnels_id if lesson else None
    )


def parent_of(parts: Parts, form: SectionForm) -> Node | None:
    """The section it is to be in; raises TooDeep for one that is not there."""
    name = form.values["parent"]
    found = parts.find(name) if name else None
    if name and found is None:
        raise editing.TooDeep
    return found


def typed(parts: Parts, row: Section) -> SectionForm:
    """The form as the section is."""
    above = parts.sections.get(parts.above(row) or "")
    other = parts.sections.get(row.blocker_section_clickfunnels_id or "")
    lesson = parts.lessons.get(row.blocker_lesson_clickfunnels_id or "")
    opens = f"lesson:{lesson.public_id}" if lesson else f"section:{other.public_id}" if other else ""
    return SectionForm({
        "title": row.title, "description": row.description, "upgrade_url": row.upgrade_url or "",
        "days": str(row.days_till_drip_access or ""), "hidden": "1" if row.hidden_from_non_members else "",
        "parent": above.public_id if above else "", "opens": opens,
    })  # fmt: skip


def form_page(request: Any, parts: Parts, node: Node | None, form: SectionForm, status: int = 200) -> Response:
    section = node.section if node else None
    course = center_of(request).url(at(request, parts.course.public_id))
    title = section.title if section else _("New section")
    return render(
        request, "console/content/section", layout="console", title=title, form=form, status=status, heading=title,
        course={"title": parts.course.title, "href": course}, 
        action=f"{course}/sections" + (f"/{section.public_id}" if section else ""),
        part=part_of(request, course, section) if section and section.clickfunnels_id != parts.root else None,
        homes=[(one.section.public_id, ("· " * (one.depth - 1)) + one.section.title) for one in parts.homes(section)],
        openers=openers(parts, section), may_nest=section is None or section.clickfunnels_id != parts.root,
    )  # fmt: skip


def openers(parts: Parts, section: Section | None) -> list[tuple[str, str]]:
    """What a section may wait for, in reading order: each section, then its lessons."""
    if section is None:
        sections, lessons = parts.nodes, [(node, lesson) for node in parts.nodes for lesson in node.lessons]
    else:
        sections, lessons = parts.blockers(section)
    may = {node.section.public_id for node in sections}
    found = []
    for node in parts.nodes:
        if node.section.public_id in may:
            found.append((f"section:{node.section.public_id}", _("All of “%(title)s”", title=node.section.title)))
        found += [
            (f"lesson:{lesson.public_id}", _("The lesson “%(title)s”", title=lesson.title))
            for home, lesson in lessons if home is node
        ]  # fmt: skip
    return found
