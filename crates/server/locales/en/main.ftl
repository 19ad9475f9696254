# The pages' own texts. What a policy says stands in its pack.

## Frame
language = English
skip = Skip to the content
navigation = Main navigation
invented = Demonstration.
invented-says = Persons, institutions and cases here are invented and have no effect.
sign-in = Sign in
sign-out = Sign out
plan = The plan
services = Services
registers = Public registers
cases = My cases
inbox = Work queue
footer-rules = Each step's rule, time and source stand in the service guide.
footer-chinese = Where the two languages differ, the Chinese rules.

## Home
home-title = Home
home-lead = What was promised, how to apply, who may do what: three doors.
door-plan = What was promised, by whom, by when, and which service carries it out.
door-services = Read the guide, apply online, follow your case.
door-registers = Who may do what, today or on any other day.
search-title = Search the public registers
search = Search
figures-title = Figures of this moment
figure-ledger = entries in the ledger
figure-entries = entries: { $a }
figure-services = services

## Plan
plan-lead = Each measure with who is responsible, by when, and the service that carries it out; where none does yet, we say so.
plan-none = No plan here is carried out by services.
plan-empty = As of this day the plan has not been adopted.
plan-total = { $n ->
    [one] { $n } measure.
   *[other] { $n } measures.
}
plan-carried = Services carry out { $n } of them.
as-of-day = As of the day
as-of = as of { $a }
look = Look
measure-due = To be done
measure-late = Its day has passed, and no service on this platform carries it out
measure-bodies = Responsible
measure-services = Carried out by
measure-no-service = No service on this platform carries it out yet
no-day-set = No day is set
entry-says = What the entry says
entry-in = See this entry in: { $a }
each-district = { $a } of every district
office-of-place = { $a } of { $b }

## Services
services-lead = Read the guide first: who may apply, what to hand in, how long it takes, and why.
services-none = There are no services yet.
promised-in = promised: { $a }
kind-filing = Record filing
kind-licence = Administrative licence
kind-plan = Adoption of a plan
apply = Apply online
guide = Service guide
guide-kind = Kind of act
guide-applicants = Who may apply
guide-competent = Who decides
guide-promised = Time promised
guide-statutory = Time by law
guide-register = Register
guide-certificates = Certificates
guide-measures = Measures carried out
guide-basis = Basis
guide-form = What the form asks
guide-steps = Steps
guide-ends = How a case can end
guide-withdrawal = When you may withdraw
guide-no-withdrawal = Not at any step
guide-remedies = If you disagree
guide-remedies-from = The time runs from the day the decision was served.
heard-by = Heard by: { $a }
heard-elsewhere = Heard outside this platform
applicant-person = Person
applicant-organisation = Organisation
applicant-body = Body of government
competent-province = { $a } of the province or municipality
competent-county = { $a } of the district or county
conditions = Conditions
figure-value = Value
figure-days = Days
figure-current = now
days-on = from { $a }
days-until = from { $a }, before { $b }
value-unit = { $a } { $b }
materials = Papers
material = Paper
material-need = Needed
material-how = How
need-always = Must be handed in
need-optional = May be left out
mode-upload = Send a file
mode-shared = The office gets it itself
by-competent = By the competent body
by-applicant = By the applicant
needs-met = needs every condition met
needs-reasons = needs reasons
needs-items = needs what is missing ticked
then = → { $a }
supplement-within = → the applicant has { $a } to complete it; otherwise: { $b }
silence-is = No answer in time counts as: { $a }
issues = Issues: { $a }
sure-verified = checked in the source
sure-secondary = from a report
sure-assumed = assumed, to be confirmed
cite-article = { $a }, article { $b }
cite-part = { $a } ({ $b })

## Registers
registers-lead = Registers answer who may do what, where and until when: for any day, and as it was known then.
entries-total = { $a } entries now
search-heading = Name or number
as-known = As it was known then
known-label = Ledger number
known-hint = Uses only entries up to that number; leave it open to use all.
found = Found: { $a }
entry-heading = Name
entry-key = Number
entry-since = Since
entry-force = In force
in-force = In force
not-in-force = Not in force
next-page = Next page
entry-nothing = As of { $a } the register said nothing of it.
decided-by = By decision
entry-number = ledger entry { $a }
look-elsewhen = Look at another day
versions = Every version
two-times = “Valid” is when it held in the world; “known” is from which ledger number until which we believed so.
valid-from = Valid from
valid-until = Valid until
known-from = Known from
known-until = Known until
no-end = no end
still-known = still
version-shown = shown above
certificate-number = Number: { $a }
certificate-demo = Specimen: invented and void
certificate-void = The entry is no longer in force; this paper proves nothing.
certificate-check = Anybody can check the number in the public register.

## Sign in
sign-in-lead = Demonstration: choose an invented person.
people-applicants = Applicants

## Apply
apply-as = Apply as
optional = optional
personal = personal, kept sealed
section-subject = Personal details of: { $a }
choose-one = Choose one
materials-hint = PDF, JPG or PNG, 10 MB in all.
paper-upload = Choose a file
paper-kept = We have your file; choose another only to replace it.
paper-shared = Let the office get it itself
send = Send
yes = Yes
no = No
yuan = { $a } yuan
sealed = given, kept sealed
errors-title = There is something to mend
refused = Refused (number { $a })
fault-line = { $a }: { $b }
nothing-changed = Nothing has changed.

## Cases
case = Case
service = Service
standing = Standing
due = Due
filed-on = Filed
cases-none = You have no cases yet.
inbox-lead = Waiting for { $a }, the most urgent first.
inbox-none = Nothing is waiting.
inbox-own = Started by the body itself
standing-at = At: { $a }
standing-supplementing = Waiting for the applicant to complete it
standing-ended = Ended: { $a }
standing-challenged = A decision is being challenged
standing-withdrawn = Withdrawn by the applicant
due-today = due today
days-left = { $n ->
    [one] { $n } day left
   *[other] { $n } days left
}
days-over = { $n ->
    [one] { $n } day overdue
   *[other] { $n } days overdue
}

## Case
case-title = Case { $a }
recorded-as = Recorded as { $a }.
due-on = Due on { $a }
clock-account = Counted from { $a }, which is not counted itself: { $b }.
clock-on-the-spot = To be done on the spot, on { $a }.
clock-provisional = The day lies past the published calendar; it is provisional and will be counted again.
clock-stopped = The body's own time stands still, with { $a } left.
applicant = Applicant
handled-by = Handled by
case-entry = Entry and certificates
conditions-now = Conditions now
verdict-met = met
verdict-not-met = not met
verdict-open = not known; missing: { $a }
remedy-until = { $a }: last day { $b }
remedy-until-provisional = { $a }: last day { $b } (provisional)
reveal = Show (logged)
erased = erased
history = What happened
who-applicant = the applicant
who-clock = a term that ran out
act-filed = filed
act-chose = { $a }: { $b }
act-deemed = { $a }: no answer in time, deemed { $b }
act-asked = asked for: { $a }
act-supplied = handed in: { $a }
act-ran-out = time ran out: { $a }
act-decided = decided: { $a }
act-served = served (decision is entry { $a })
act-withdrew = withdrew
act-appealed = challenged by { $a }, heard by { $b }
act-ruled-for = ruled: the decision is set aside
act-ruled-against = ruled: the decision stands
act-corrected = corrected the entry
act-redated = the date was counted again: { $a }
act-calendar = a calendar was adopted
act-pack = a pack was put in force
do-choose = Act: { $a }
outcome = Outcome
reasons = Reasons
items-missing = What is missing (named once)
decide = Decide
do-supply = Hand in what is missing
do-withdraw = Withdraw the application
withdraw = Withdraw
do-appeal = Challenge the decision: { $a }
remedy = Remedy
grounds = Grounds
appeal = Challenge
do-rule = Rule on the challenge
ruling = Ruling
rule-for = Set the decision aside
rule-against = Let it stand
do-correct = Correct the entry
correct = Correct

## Faults
fault-no-page = There is no such page
fault-no-page-says = The address may be wrong, or the page is not open to you.
fault-no-paper = The file is not kept here
fault-no-paper-says = The ledger remembers only its digest; ask the applicant or the body for the file.
fault-not-that-way = The page is not asked for in that way
fault-not-that-way-says = Come by a link or a button of a page.
fault-sign-in = Sign in first
fault-sign-in-says = This is open only to those who have signed in.
fault-other-role = You cannot do this in your role
fault-other-role-says = The page is for people in another role.
fault-old-form = The form is no longer good
fault-old-form-says = It belongs to another session, or is too old. Open the page again and send from there.
fault-too-large = What you sent is too large
fault-too-large-says = 10 MB in all is the limit. Make the files smaller and send again.
fault-unreadable = What you sent cannot be read
fault-unreadable-says = It is incomplete or of another shape. Open the page again and send from there.
fault-broken = The system cannot do this now
fault-broken-says = The fault has been recorded; try again in a while.
fault-bad-address = Part of the address does not say what it should
next-home = To the first page
next-other-person = Sign in as somebody else
fault-number = Number { $a }.
