// What holds of a place of a plan in a state: as it is, or once everything up to a year stands.

/** What a disc says in a state, in thousandths; `Part::by` in the server says so, too. */
export const part = (place, { filled, after, year }) => {
  const named = new RegExp(`^${filled}-(\\d+)$`)
  const years = Object.keys(place).map((name) => Number(named.exec(name)?.[1] ?? Infinity))
  const until = years.filter((own) => after && own <= year)
  return place[`${filled}-${until.length ? Math.max(...until) : 'before'}`]
}

/** How a disc is filled that says so; `share` in the server does, too. */
export const filling = (place, state) => `met-${Math.floor(Math.min(part(place, state), 1000) / 250)}`

/** Whether a place is there in a state. */
export const stands = (place, { after, year }) =>
  place.kind !== 'chosen' || (after && place.year <= year)
