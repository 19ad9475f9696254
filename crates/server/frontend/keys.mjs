// Keys for those who work here all day. What has a key says so by `data-key`; rows of a table with
// `data-rows` are walked through by j and k, and chosen by x. Keys do nothing while somebody types,
// and can be turned off for good (WCAG 2.1.4): the dialog that lists them says where.
const OFF = 'keys-off'
const ROWS = 'table[data-rows] tbody tr'

const off = () => {
  try {
    return localStorage.getItem(OFF) === 'yes'
  } catch {
    return false
  }
}

const turn = (value) => {
  try {
    if (value) localStorage.setItem(OFF, 'yes')
    else localStorage.removeItem(OFF)
  } catch {
    // Who lets pages keep nothing has the keys anew on each page.
  }
}

/** Whether keys go to what somebody types or chooses there. */
const takesKeys = (element) =>
  element.isContentEditable ||
  element.matches('select, textarea, input:not([type="checkbox"]):not([type="radio"])')

const rowOf = () => document.activeElement?.closest(ROWS)

const walk = (step) => {
  const rows = [...document.querySelectorAll(ROWS)]
  const at = rows.indexOf(rowOf())
  const next = rows[at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step]
  const into = next?.querySelector('a')
  into?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}

const go = (element) => {
  if (element.matches('a, button, summary')) {
    element.click()
    return
  }
  if (!element.matches('input, select, textarea')) element.tabIndex = -1
  element.focus()
  element.scrollIntoView({ block: 'start' })
}

const list = (dialog) => {
  const lines = dialog.querySelector('[data-keys-here]')
  lines.replaceChildren()
  for (const element of document.querySelectorAll('[data-key]')) {
    const line = document.createElement('div')
    const [key, says] = [document.createElement('dt'), document.createElement('dd')]
    const typed = document.createElement('kbd')
    typed.textContent = element.dataset.key
    key.append(typed)
    says.textContent = element.dataset.keySays || element.textContent.trim()
    line.append(key, says)
    lines.append(line)
  }
  for (const line of dialog.querySelectorAll('[data-keys-rows]')) {
    line.hidden = !document.querySelector(ROWS)
  }
}

/** Sets the keys up where the page lists them. */
export const keys = () => {
  const dialog = document.querySelector('dialog[data-keys]')
  if (!dialog) return
  const opener = document.querySelector('[data-keys-open]')
  const switched = dialog.querySelector('input[type="checkbox"]')
  const open = () => {
    list(dialog)
    switched.checked = !off()
    dialog.showModal()
  }
  opener.hidden = false
  opener.addEventListener('click', open)
  switched.addEventListener('change', () => turn(!switched.checked))
  addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (off() || dialog.open || takesKeys(event.target)) return
    const row = rowOf()
    const marked = [...document.querySelectorAll('[data-key]')]
    const named = marked.find((element) => element.dataset.key === event.key)
    if (event.key === '?') open()
    else if (event.key === 'j' || event.key === 'k') walk(event.key === 'j' ? 1 : -1)
    else if (event.key === 'x' && row) row.querySelector('input[type="checkbox"]')?.click()
    else if (named) go(named)
    else return
    event.preventDefault()
  })
}
