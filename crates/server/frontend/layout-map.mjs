// A plan on a map (components/site_map): what the server drew as a sketch becomes a map that can be
// moved, drawn from our own files alone (ADR 50). Its layers, the state and the year are chosen beside
// it; a line of a table shows its place on the map, and a place on the map leads to its line. Where there
// are no graphics the sketch does the same, but for moving. The library is loaded when a map comes into
// view: 440 kB that whoever reads the tables alone does not pay for.
import { moving } from './map-moving.mjs'
import { sketched } from './map-sketched.mjs'

/** The width from which a map is unfolded, as in the style. */
const WIDE = '(min-width: 40.0625em)'

const all = (within, sought) => [...within.querySelectorAll(sought)]

/** Whether this browser draws in three dimensions, as the library asks for. */
const hasGraphics = () => {
  const context = document.createElement('canvas').getContext('webgl2')
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return Boolean(context)
}

const asked = async (address) => {
  const answer = await fetch(address)
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`)
  return answer.json()
}

/** What is chosen beside a map. */
const chosen = (box) => {
  const when = box.querySelector('[data-map-when]')
  const off = all(box, '[data-map-layer]').filter((layer) => !layer.checked)
  return {
    filled: box.dataset.filled,
    off: new Set(off.map((layer) => layer.dataset.mapLayer)),
    after: when?.querySelector('[value="before"]').checked !== true,
    year: Number(when?.querySelector('select').value ?? 0),
  }
}

/** Whether a part of the page is of a map: what stands within none is of the first. */
const isOf = (box) => (part) =>
  (part.closest('.app-layout-map') ?? document.querySelector('.app-layout-map')) === box

/** The rows of a map by the key of a place that lies on it. */
const rowsOf = (box, places) => {
  const keys = new Set(places.map(({ properties }) => properties.key))
  const rows = new Map()
  for (const row of all(document, '[data-map-row]').filter(isOf(box))) {
    const { mapRow: key } = row.dataset
    if (keys.has(key)) rows.set(key, [...(rows.get(key) ?? []), row])
  }
  return rows
}

const nameOf = (row) => row.querySelector('[data-map-name]')?.textContent ?? row.dataset.mapRow

const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches

const into = (element, block) =>
  element.scrollIntoView({ block, behavior: calm() ? 'instant' : 'smooth' })

/** Sets a map up: what it says, its rows, and how it becomes one that can be moved. */
const setUp = (box) => {
  const fold = box.querySelector('details')
  const status = box.querySelector('[data-map-status]')
  let view
  let begun
  let shown

  const say = (text) => (status.textContent = text)
  const draw = () => view?.draw(chosen(box))

  /** Shows a place on the map, and its rows. */
  const show = (key) => {
    for (const row of all(document, '[data-map-row].current').filter(isOf(box)))
      row.classList.remove('current')
    shown = key
    const rows = view?.rows.get(key) ?? []
    rows.forEach((row) => row.classList.add('current'))
    if (rows.length === 0) return
    say(box.dataset.marked.replace('%', nameOf(rows[0])))
    view.show(key, nameOf(rows[0]))
  }

  /** From the map to the line that says the same. */
  const lead = (key) => {
    show(key)
    const [row] = view.rows.get(key) ?? []
    if (!row) return
    row.tabIndex = -1
    row.focus({ preventScroll: true })
    into(row, 'center')
  }

  /** Loads what the map is drawn from, once; the sketch stands until it is drawn. */
  const begin = () => (begun ??= load().catch((fault) => lost(fault)))

  const load = async () => {
    const { source, outlines } = box.dataset
    const [places, ground] = await Promise.all([asked(source), outlines ? asked(outlines) : null])
    const rows = rowsOf(box, places.features)
    const given = { box, places: places.features, ground, rows, lead }
    view = { rows, ...sketched(given) }
    draw()
    listen(rows)
    if (places.features.length + (ground?.features.length ?? 0) === 0) return
    if (!hasGraphics()) return say(box.dataset.none)
    const moved = await moving(given, chosen(box))
    view = { rows, ...moved }
    for (const button of all(box, '[data-map-do]')) button.parentElement.hidden = false
    draw()
    if (shown) show(shown)
  }

  const lost = (fault) => {
    box.dataset.standing = 'lost'
    say(box.dataset.lost)
    console.warn(fault)
  }

  /** Lets each row show its place. */
  const listen = (rows) => {
    for (const row of [...rows.values()].flat())
      row.addEventListener('click', (event) => {
        // Whoever marks words wants to copy them.
        const other = event.target.closest('a, button, input, select')
        if (!other && getSelection().isCollapsed) reveal(row.dataset.mapRow)
      })
  }

  const reveal = async (key) => {
    fold.open = true
    await begin()
    into(box.querySelector('.app-layout-map__view'), 'nearest')
    show(key)
  }

  for (const part of all(box, '[data-map-with-scripts]'))
    part.hidden = Boolean(part.querySelector('[data-map-do]'))
  for (const button of all(document, '[data-map-show]').filter(isOf(box))) {
    button.hidden = false
    button.addEventListener('click', () => reveal(button.closest('[data-map-row]').dataset.mapRow))
  }
  for (const button of all(box, '[data-map-do]'))
    button.addEventListener('click', () => view?.[button.dataset.mapDo]())
  box.addEventListener('change', ({ target }) => {
    // Whoever chooses a year means the plan.
    if (target.matches('[data-map-when] select')) box.querySelector('[value="after"]').checked = true
    draw()
  })
  // On a phone the map is folded away above the tables until it is asked for.
  if (!matchMedia(WIDE).matches) fold.open = false
  let near = false
  const look = () => near && fold.open && begin()
  fold.addEventListener('toggle', look)
  const observer = new IntersectionObserver((seen) => {
    near = seen.at(-1).isIntersecting
    look()
  })
  observer.observe(fold)
}

document.querySelectorAll('.app-layout-map').forEach(setUp)
