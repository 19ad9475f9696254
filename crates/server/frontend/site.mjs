// What makes pages better where scripts run. Every page works without.
import {
  Button,
  CharacterCount,
  Checkboxes,
  createAll,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
} from 'govuk-frontend'
import { keys } from './keys.mjs'
import { sheets } from './sheets.mjs'

document.body.classList.add('js-enabled', 'govuk-frontend-supported')

for (const component of [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
]) {
  createAll(component)
}

for (const button of document.querySelectorAll('[data-print]')) {
  button.hidden = false
  button.addEventListener('click', () => window.print())
}

// A link into a part that is folded away unfolds it: nobody is led to something that cannot be seen.
const unfold = () => {
  const named = decodeURIComponent(location.hash.slice(1))
  const folded = (named ? document.getElementById(named) : null)?.closest('details')
  if (folded) {
    folded.open = true
    folded.scrollIntoView()
  }
}
addEventListener('hashchange', unfold)
unfold()
keys()
sheets()
