// The sketch that the server drew, with its layers, states and years switched in place.
import { filling, stands } from './plan-states.mjs'

const SVG = 'http://www.w3.org/2000/svg'

/** Switches something off without a style, which our pages forbid. */
const seen = (node, there) =>
  there ? node.removeAttribute('display') : node.setAttribute('display', 'none')

const made = (name, attributes) => {
  const node = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  return node
}

/** The places of the sketch with what is said of them, in the order of their layer. */
const signsOf = (sketch, places) => {
  const known = new Map(places.map(({ properties: own }) => [`${layerOf(own)} ${own.key}`, own]))
  return [...sketch.querySelectorAll('[data-map-key]')].map((sign) => {
    const group = sign.closest('[data-map-group]').dataset.mapGroup
    return { sign, own: known.get(`${group} ${sign.dataset.mapKey}`) }
  })
}

const layerOf = ({ kind }) => (kind === 'area' ? 'met' : kind)

/** Sets the sketch up: how it is drawn in a state, and how it shows a place. */
export const sketched = ({ box, places, lead }) => {
  const sketch = box.querySelector('.app-layout-map__sketch')
  const signs = signsOf(sketch, places)
  const ring = made('circle', { r: 22, fill: 'none', stroke: '#b3200c', 'stroke-width': 4 })
  sketch.classList.add('app-layout-map__sketch--live')
  sketch.addEventListener('click', ({ target }) => {
    const key = target.closest('[data-map-key]')?.dataset.mapKey
    if (key) lead(key)
  })

  const draw = (state) => {
    for (const group of sketch.querySelectorAll('[data-map-group]'))
      seen(group, !state.off.has(group.dataset.mapGroup))
    for (const { sign, own } of signs) {
      if (!own) continue
      seen(sign, stands(own, state))
      if (own.kind === 'area') sign.setAttribute('href', `#${box.id}-${filling(own, state)}`)
    }
  }

  const show = (key) => {
    const sign = sketch.querySelector(`[data-map-key="${CSS.escape(key)}"]`)
    if (!sign) return ring.remove()
    const middle = (corner, side) => Number(sign.getAttribute(corner)) + sign.getAttribute(side) / 2
    ring.setAttribute('cx', middle('x', 'width'))
    ring.setAttribute('cy', middle('y', 'height'))
    sketch.append(ring)
  }

  return { draw, show }
}
