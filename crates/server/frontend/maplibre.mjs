// What our maps take of MapLibre GL JS; the worker is a file of its own (build.mjs).
export { Map, Marker, setWorkerCount, setWorkerUrl } from 'maplibre-gl'
