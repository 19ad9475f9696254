// What holds of a place of a plan in a state: as it is, or once everything up to a year stands.

/** How far a need is met in a state, in thousandths; `Met::by` in the server says so, too. */
export const met = (place, { after, year }) => {
  const years = Object.keys(place).filter((name) => /^met-\d+$/.test(name) && after)
  const until = years.map((name) => Number(name.slice(4))).filter((own) => own <= year)
  return place[until.length ? `met-${Math.max(...until)}` : 'met-before']
}

/** How a disc is filled that says so; `share` in the server does, too. */
export const filling = (place, state) => `met-${Math.floor(Math.min(met(place, state), 1000) / 250)}`

/** Whether a place is there in a state. */
export const stands = (place, { after, year }) =>
  place.kind !== 'chosen' || (after && place.year <= year)
