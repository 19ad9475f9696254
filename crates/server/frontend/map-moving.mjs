// The map that can be moved: MapLibre GL JS with a ground of the outlines, the signs of the legend, and
// no tiles, type or pictures from anywhere.
import { filling, stands } from './plan-states.mjs'

const MARK = '#b3200c'
const PAPER = { id: 'paper', type: 'background', paint: { 'background-color': '#eef5f5' } }
/** Room around what is shown, in pixels. */
const ROOM = 32
/** Half the side of where a pointer finds a sign, in pixels. */
const REACH = 12
/** How far a name is from its place, in pixels. */
const BESIDE = 24
/** How many pixels of a picture are one of the page. */
const SHARP = 2
/** How large signs are at first, from so many of them on. */
const SIZES = [[600, 0.35], [150, 0.55], [60, 0.75], [0, 1]]
/** The layers that can be pointed at, the uppermost first. */
const POINTED = ['chosen', 'home', 'candidate', 'refused', 'met', 'need']
const SIGNS = ['refused', 'candidate', 'home', 'chosen']

const collection = (features) => ({ type: 'FeatureCollection', features })

/** Draws a sign of the legend as a picture, so that both are the same. */
const picture = (symbol) => {
  const side = 24 * SHARP
  const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side })
  const pen = canvas.getContext('2d')
  pen.setTransform(SHARP, 0, 0, SHARP, side / 2, side / 2)
  for (const path of symbol.querySelectorAll('path')) {
    const [fill, stroke] = ['fill', 'stroke'].map((name) => path.getAttribute(name))
    const drawn = new Path2D(path.getAttribute('d'))
    if (fill !== 'none') Object.assign(pen, { fillStyle: fill }).fill(drawn)
    const lineWidth = Number(path.getAttribute('stroke-width'))
    if (stroke !== 'none') Object.assign(pen, { strokeStyle: stroke, lineWidth }).stroke(drawn)
  }
  return pen.getImageData(0, 0, side, side)
}

/** The south-western and the north-eastern corner of everything. */
const corners = (features) => {
  const positions = features.flatMap(({ geometry }) => geometry.coordinates.flat(Infinity))
  const east = positions.filter((_, at) => at % 2 === 0)
  const north = positions.filter((_, at) => at % 2 === 1)
  const least = (list) => list.reduce((one, other) => Math.min(one, other), Infinity)
  const most = (list) => list.reduce((one, other) => Math.max(one, other), -Infinity)
  return [[least(east), least(north)], [most(east), most(north)]]
}

/** What is drawn, from below to above. */
const layers = (places, zoom) => {
  const needs = places.map(({ properties }) => properties.need ?? 0)
  const most = Math.max(1, ...needs)
  const [, first] = SIZES.find(([least]) => places.length >= least)
  const grown = (least, most) => ['interpolate', ['linear'], ['zoom'], zoom, least, zoom + 4, most]
  const size = grown(first, 1.15)
  const share = ['sqrt', ['/', ['get', 'need'], most]]
  const radius = (scale) => ['*', scale, ['+', 8, ['*', 18, share]]]
  const kind = (name) => ['==', ['get', 'kind'], name]
  const sign = (id, icon, filter) => ({
    id,
    type: 'symbol',
    source: 'places',
    filter,
    layout: { 'icon-image': icon, 'icon-size': size, 'icon-allow-overlap': true },
  })
  return [
    { id: 'ground', type: 'fill', source: 'ground', paint: { 'fill-color': '#f7f9f9' } },
    { id: 'borders', type: 'line', source: 'ground', paint: { 'line-color': '#505a5f' } },
    {
      id: 'need',
      type: 'circle',
      source: 'places',
      filter: kind('area'),
      paint: {
        'circle-radius': grown(radius(first), radius(1.15)),
        'circle-color': '#c9d8d9',
        'circle-opacity': 0.6,
        'circle-stroke-color': '#47565a',
        'circle-stroke-width': 1,
      },
    },
    sign('met', ['get', 'filling'], kind('area')),
    ...SIGNS.map((name) => sign(name, name, kind(name))),
    {
      id: 'shown',
      type: 'circle',
      source: 'shown',
      paint: {
        'circle-radius': 18,
        'circle-opacity': 0,
        'circle-stroke-color': MARK,
        'circle-stroke-width': 4,
      },
    },
  ]
}

/** The places that stand in a state, each area with what its disc says. */
const standing = (places, state) =>
  collection(
    places
      .filter(({ properties }) => stands(properties, state))
      .map((place) =>
        place.properties.kind === 'area'
          ? { ...place, properties: { ...place.properties, filling: filling(place.properties, state) } }
          : place,
      ),
  )

const text = (name, says, className) =>
  Object.assign(document.createElement(name), { textContent: says, className })

/** Writes the names of districts on the map, as far as none covers another. */
const nameGround = (map, Marker, ground) => {
  const named = (ground?.features ?? []).filter(({ properties }) => properties.centre)
  const language = document.documentElement.lang.startsWith('zh') ? 'zh' : 'en'
  const markers = named.map(({ properties }) => {
    const element = text('span', properties[language], 'app-layout-map__name')
    // The outlines are named in tables; here the names are part of the picture.
    element.ariaHidden = 'true'
    return new Marker({ element, opacity: 1 }).setLngLat(properties.centre).addTo(map)
  })
  const part = () => {
    const placed = []
    for (const marker of markers) {
      const element = marker.getElement()
      const { x, y } = map.project(marker.getLngLat())
      const [wide, high] = [element.offsetWidth, element.offsetHeight]
      const covers = (other) =>
        2 * Math.abs(x - other.x) < wide + other.wide && 2 * Math.abs(y - other.y) < high + other.high
      const free = !placed.some(covers)
      element.classList.toggle('app-layout-map__name--off', !free)
      if (free) placed.push({ x, y, wide, high })
    }
  }
  map.on('zoomend', part)
  map.on('resize', part)
  part()
}

/** A map without anything that turns it: north is up. */
const newMap = ({ Map }, { box, places, ground }) => {
  const container = box.querySelector('[data-map-canvas]')
  const { title, wheel, fingers } = box.dataset
  const map = new Map({
    container,
    style: { version: 8, sources: {}, layers: [PAPER] },
    bounds: corners([...places, ...(ground?.features ?? [])]),
    fitBoundsOptions: { padding: ROOM, maxZoom: 15 },
    attributionControl: false,
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    maxPitch: 0,
    renderWorldCopies: false,
    fadeDuration: 0,
    // Whoever scrolls the page scrolls on across the map.
    cooperativeGestures: true,
    locale: {
      'Map.Title': title,
      'CooperativeGesturesHandler.WindowsHelpText': wheel,
      'CooperativeGesturesHandler.MacHelpText': wheel,
      'CooperativeGesturesHandler.MobileHelpText': fingers,
    },
  })
  map.touchZoomRotate.disableRotation()
  map.keyboard.disableRotation()
  return map
}

/** Resolves when the map is ready; rejects where it cannot be. */
const ready = (map) =>
  new Promise((go, fail) => {
    map.once('load', go)
    map.once('error', ({ error }) => fail(error))
  })

/** Lets whoever points at a sign follow it to its line. */
const follow = (map, { rows, lead }) => {
  const at = ({ x, y }) => {
    const around = [[x - REACH, y - REACH], [x + REACH, y + REACH]]
    const found = map.queryRenderedFeatures(around, { layers: POINTED })
    const away = ({ geometry }) => {
      const place = map.project(geometry.coordinates)
      return Math.hypot(place.x - x, place.y - y)
    }
    found.sort((one, other) => away(one) - away(other))
    return found.map(({ properties }) => properties.key).find((key) => rows.has(key))
  }
  map.on('click', ({ point }) => {
    const key = at(point)
    if (key) lead(key)
  })
  map.on('mousemove', ({ point }) => {
    map.getCanvas().classList.toggle('app-layout-map__pointed', Boolean(at(point)))
  })
}

/** Where a name hangs on to its place so that the edge of the map does not cut it. */
const anchorAt = (map, coordinates) => {
  const { x, y } = map.project(coordinates)
  const share = x / map.getContainer().clientWidth
  const side = share < 1 / 3 ? '-left' : share > 2 / 3 ? '-right' : ''
  return `${y < 4 * BESIDE ? 'top' : 'bottom'}${side}`
}

/** Puts a map that can be moved in the place of the sketch; its state is drawn at once. */
export const moving = async (given, state) => {
  const { box, places, ground } = given
  const library = await import(box.dataset.library)
  library.setWorkerUrl(new URL(box.dataset.worker, location.href).href)
  library.setWorkerCount(1)
  const view = box.querySelector('.app-layout-map__view')
  // It must have a size before it is made.
  box.querySelector('[data-map-canvas]').hidden = false
  view.classList.add('app-layout-map__view--moving')
  const map = newMap(library, given)
  try {
    await ready(map)
  } catch (fault) {
    map.remove()
    view.classList.remove('app-layout-map__view--moving')
    box.querySelector('[data-map-canvas]').hidden = true
    throw fault
  }
  map.on('error', ({ error }) => console.warn(error))
  for (const symbol of box.querySelectorAll('symbol'))
    map.addImage(symbol.id.slice(box.id.length + 1), picture(symbol), { pixelRatio: SHARP })
  map.addSource('ground', { type: 'geojson', data: ground ?? collection([]) })
  map.addSource('places', { type: 'geojson', data: standing(places, state) })
  map.addSource('shown', { type: 'geojson', data: collection([]) })
  const whole = map.getZoom()
  for (const layer of layers(places, whole)) map.addLayer(layer)
  map.setMinZoom(whole - 1)
  nameGround(map, library.Marker, ground)
  follow(map, given)
  map.once('idle', () => (box.dataset.standing = 'drawn'))
  const bounds = map.getBounds()
  let marker
  const label = Object.assign(text('button', '', 'app-layout-map__label'), { type: 'button' })
  // The library calls a marker a picture unless told otherwise.
  label.role = 'button'
  const draw = (now) => {
    map.getSource('places').setData(standing(places, now))
    for (const name of POINTED)
      map.setLayoutProperty(name, 'visibility', now.off.has(name) ? 'none' : 'visible')
    box.dataset.standing = 'drawing'
    map.once('idle', () => (box.dataset.standing = 'drawn'))
  }

  const show = (key, says) => {
    const place = places.find(({ properties }) => properties.key === key)
    map.getSource('shown').setData(collection(place ? [place] : []))
    marker?.remove()
    if (!place) return
    const { coordinates } = place.geometry
    const seen = map.getBounds().contains(coordinates)
    if (!seen) map.easeTo({ center: coordinates })
    const anchor = seen ? anchorAt(map, coordinates) : 'bottom'
    label.textContent = says
    label.onclick = () => given.lead(key)
    const offset = [0, anchor.startsWith('top') ? BESIDE : -BESIDE]
    marker = new library.Marker({ element: label, anchor, offset })
    marker.setLngLat(coordinates).addTo(map)
  }

  return {
    draw,
    show,
    closer: () => map.zoomIn(),
    farther: () => map.zoomOut(),
    whole: () => map.fitBounds(bounds, { padding: 0 }),
  }
}
