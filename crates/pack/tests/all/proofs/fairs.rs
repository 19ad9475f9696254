//! What breaks the proofs of the town's fairs: entries named, looked up and changed, acts against a
//! holder, what time alone brings about, fees, extensions, delegations and what is locked.

use super::{Change, OFFICES};

const STALL: &str = "procedures/stall-permit.yaml";
const CLOSURE: &str = "procedures/fair-closure.yaml";
const HOSTING: &str = "procedures/fair-hosting.yaml";
const TRANSFER: &str = "procedures/stall-transfer.yaml";
const PRIZE: &str = "procedures/lantern-prize.yaml";
const UNKNOWN_FIELD: &str = "unknown-register-field";

/// All that the closure of a fair writes.
const SHUT_WRITES: &str = "    enters:
      key: \"C-{division}-{year}-{case}\"
      fields: { fair: place.fair, why: finding.why }
    changes:
      place.fair: { status: \"'over'\", closures: its.closures + 1 }
      found.stalls: { status: \"'shut'\", shut-before: \"true\" }
";

/// A fine that follows the closure at once.
const FINED: &str = "    then: fined
  fined:
    title: { zh: 罚款, en: Fined }
    decides: imposed
    notice: { zh: 罚款。, en: Fined. }
    changes:
      place.fair: { closures: its.closures + 1 }
    appeal: { remedies: [town-review], upheld: left-open }
    then: closed-down
";

/// An examination that ends on a day though it may be put off.
const EXAMINED_UNTIL: &str =
    "    by: competent\n    until: trade.until\n    within: { term: 10 working";

/// A day that may be left open.
const UNTIL_OPEN: &str = "en: Until which day }, need: optional, type: date";

/// What only time brings about, at a review.
const REVIEW_BY_CLOCK: &str = "    outcomes:
      late:
        title: { zh: 逾期, en: Late }
        by: clock
        reasons: true
        stop: { ground: expert-review, within: \
                { term: 5 natural days, basis: { act: 虚构, confidence: assumed } }, times: 1 }
    join: {";

/// The planning bureaus of the districts.
const PLANNING_IN_DISTRICTS: &str = "      - level: county
        title: { zh: \"{division}规划局\", en: \"{division} District Planning Bureau\" }
        short: { zh: \"{division}规划局\", en: \"{division} District Planning Bureau\" }
        from: 2015-01-01
        basis: { act: 柳溪省机构设置（虚构）, confidence: assumed }
";

/// A locked field of a register of which rows are entered.
const FESTIVE: &str =
    "  festive: { title: { zh: 盛会, en: Festive }, type: boolean, locked: true }\n  host: {";

/// A succession to an entry that need not be named.
const SUCCEEDS_OPEN: &str = "      hosting.closure: { lifted-on: decided-on }
    succeeds: hosting.closure
";

/// What the hosting of a fair changes in the fair, and in the stalls found.
const HOSTED: &str =
    "      place.fair: { host: applicant, status: \"'open'\", licensed-on: decided-on }\n";
const FOUND: &str = "      found.shut: { status: \"'open'\" }\n";

/// The stall of who takes it over.
const TRANSFER_ENTERS: &str = "    enters:
      key: \"S-{division}-{year}-{case}\"
      fields:
        fair: transfer.stall.fair
        holder: applicant
        goods: transfer.stall.goods
        status: \"'open'\"
        division: transfer.stall.division
        places: transfer.stall.places
        until: plus_days(decided-on, 30)
        shut-before: transfer.stall.shut-before
    changes:
";

/// The end of a permit that is given up.
const GIVEN_UP: &str = "up. }\n    amends: { status: \"'over'\" }\n    then: given-back";

/// The end of a permit that ran out.
const ENDED: &str = "free.\" }\n    amends: { status: \"'over'\" }\n    appeal";

/// A name for each change, the changes, and the word of the proof that fails.
pub(super) const BROKEN: &[(&str, &[Change], &str)] = &[
    (
        "an order that somebody else than a body starts",
        &[(CLOSURE, "applicant: [body]", "applicant: [organisation]")],
        "against-as-applicant",
    ),
    (
        "an order that its party could withdraw",
        &[(CLOSURE, "withdrawal: []", "withdrawal: [inspect]")],
        "withdrawn-by-party",
    ),
    (
        "an order against what nobody holds",
        &[("registers/fair.yaml", "held_by: host\n", "")],
        "unknown-form-field",
    ),
    (
        "an order imposed on nobody",
        &[(CLOSURE, "against: place.fair\n", ""), ("pictures/host.yaml", ", fair-closure]", "]")],
        "imposed-on-nobody",
    ),
    ("an order that changes nothing", &[(CLOSURE, SHUT_WRITES, "")], "imposes-nothing"),
    (
        "an order that cannot be challenged while the case goes on",
        &[(CLOSURE, "    then: closed-down\n", "    then: inspect\n")],
        "challenged-too-late",
    ),
    (
        "a change of an entry that no question names",
        &[(CLOSURE, "      place.fair: { status", "      place.faer: { status")],
        "unknown-entry",
    ),
    (
        "a change of what is not looked up",
        &[(CLOSURE, "      found.stalls:", "      found.stands:")],
        "unknown-entry",
    ),
    (
        "a look-up for anything",
        &[(CLOSURE, "    where: { fair: place.fair }\n", "")],
        "looks-for-anything",
    ),
    (
        "a look-up by what another look-up found",
        &[(STALL, "where: { holder: applicant }", "where: { places: found.taken }")],
        "unknown-name",
    ),
    ("a sum of what does not add up", &[(STALL, "sum: places", "sum: goods")], UNKNOWN_FIELD),
    ("a section asked twice", &[(STALL, "asks: [report]", "asks: [trade]")], "asked-before"),
    (
        "a personal detail asked while a case runs",
        &[(STALL, "asks: [report]", "asks: [report, keeper]")],
        "personal-later",
    ),
    (
        "something to fill in where nothing follows",
        &[(STALL, "        by: chief\n", "        by: chief\n        asks: [report]\n")],
        "asks-in-passing",
    ),
    (
        "an outcome that stays and adds nothing",
        &[(
            STALL,
            "        extend: { by: { term: 10 working days, basis: { act: 行政许可法, article: 42, \
             confidence: verified } }, times: 1 }",
            "        stays: true",
        )],
        "stays-with-nothing",
    ),
    (
        "silence that would have to fill something in",
        &[(STALL, "en: Prolong }, then", "en: Prolong }, asks: [report], then")],
        "asks-silence",
    ),
    (
        "silence of a body that would have to give a score",
        &[(PRIZE, "deemed: silent", "deemed: scored")],
        "asks-silence",
    ),
    (
        "a day on which a stage ends that can be put off",
        &[(STALL, "    by: competent\n    within: { term: 10 working", EXAMINED_UNTIL)],
        "until-held",
    ),
    (
        "a stage that ends on a day nobody has told",
        &[("sections/trade.yaml", "en: Until which day }, type: date", UNTIL_OPEN)],
        "until-unknown",
    ),
    (
        "an outcome that only time brings about and that never comes",
        &[(STALL, "deemed: run-out", "deemed: gives-up")],
        "never-comes",
    ),
    (
        "what only time brings about, in a review",
        &[(PRIZE, "    join: {", REVIEW_BY_CLOCK)],
        "never-comes",
    ),
    (
        "a lapse that the holder may choose",
        &[(STALL, "en: Not prolonged in time }, by: clock,", "en: Let it end },")],
        "lapses-in-time",
    ),
    (
        "a body late with the prolongation takes the permit away",
        &[(STALL, "en: Prolong }, then: prolonged", "en: Prolong }, then: ended")],
        "silence",
    ),
    (
        "a step that only the applicant can leave",
        &[
            (CLOSURE, "en: Unsafe }, reasons: true,", "en: Unsafe }, by: applicant,"),
            (CLOSURE, "en: Safe }, then", "en: Safe }, by: applicant, then"),
        ],
        "waits-for-ever",
    ),
    ("a fee that nobody books", &[(STALL, "      paid: {", "      settled: {")], "fee-unbooked"),
    ("a fee waived without a way on", &[(STALL, "    waived: granted\n", "")], "fee-unbooked"),
    (
        "a fee that no step collects",
        &[(STALL, "    collects: stall-fee\n    waived: granted\n", "")],
        "idle-fee",
    ),
    (
        "a fee asked of a case that is only filed",
        &[(STALL, "begins: examine", "begins: pay")],
        "charged-on-filing",
    ),
    (
        "a fee that rests on what is left open, where time runs out",
        &[(STALL, "          lapse: refused\n", "          lapse: pay\n")],
        "fee-unknown",
    ),
    (
        "a fee whose waiver grants past the conditions",
        &[(STALL, "en: Conditions met }, needs_met: true,", "en: Conditions met },")],
        "granted-past-conditions",
    ),
    (
        "a fee whose waiver lets the applicant grant",
        &[(STALL, "en: Conditions met }, needs_met", "en: Met }, by: applicant, needs_met")],
        "grants-himself",
    ),
    (
        "decisions that follow one another round a fee that is waived",
        &[
            (STALL, "    waived: granted\n", "    waived: refused\n"),
            (STALL, "    then: turned-down\n", "    then: pay\n"),
        ],
        "endless-decisions",
    ),
    (
        "a shared condition on what is not asked",
        &[(PRIZE, "form: [place, lantern]", "form: [lantern]")],
        "shares-unasked",
    ),
    (
        "a shared condition that nobody knows",
        &[(PRIZE, "shares: [fair-open, not-shut-out]", "shares: [fair-closed]")],
        "unknown-requirement",
    ),
    (
        "a power handed to the level that has it",
        &[(OFFICES, "to_level: county", "to_level: province")],
        "delegates-nothing",
    ),
    (
        "a power handed over by who does not have it",
        &[(OFFICES, "procedures: [stall-permit]", "procedures: [stall-transfer]")],
        "delegates-no-power",
    ),
    (
        "a power handed to a level that has no body",
        &[(OFFICES, PLANNING_IN_DISTRICTS, "")],
        "delegates-to-nobody",
    ),
    (
        "a power handed over in an unknown procedure",
        &[(OFFICES, "procedures: [stall-permit]", "procedures: [stall-permits]")],
        "unknown-procedure",
    ),
    (
        "a lock on what is no yes or no",
        &[("registers/stall.yaml", "type: boolean, locked", "type: integer, locked")],
        "locks-nothing",
    ),
    (
        "a lock that a decision takes back",
        &[(CLOSURE, "shut-before: \"true\"", "shut-before: \"false\"")],
        "lock-released",
    ),
    (
        "a lock that rows entered once more take back",
        &[
            ("registers/fair.yaml", "  host: {", FESTIVE),
            ("tables/fairs.yaml", "closures: 0 }", "closures: 0, festive: false }"),
            ("tables/fairs.yaml", "closures: 0 }", "closures: 0, festive: true }"),
        ],
        "lock-released",
    ),
    (
        "a row with a holder",
        &[("tables/fairs.yaml", "closures: 0 }", "closures: 0, host: F }")],
        "row-with-holder",
    ),
    (
        "a grant by changing what may not be named",
        &[(HOSTING, HOSTED, ""), (HOSTING, FOUND, "")],
        "grants-nothing",
    ),
    (
        "a new entry beside the one it succeeds",
        &[(TRANSFER, "    changes:\n      transfer.stall: { status: \"'over'\" }\n", "")],
        "unknown-entry",
    ),
    (
        "an entry succeeded that stays in force",
        &[(TRANSFER, "{ status: \"'over'\" }", "{ status: \"'open'\" }")],
        "succeeded-in-force",
    ),
    (
        "a succession without a new entry",
        &[(TRANSFER, TRANSFER_ENTERS, "    changes:\n")],
        "succeeds-nothing",
    ),
    (
        "a succession that may name nobody",
        &[
            (TRANSFER, "form: [transfer]", "form: [transfer, hosting]"),
            (TRANSFER, "    succeeds: transfer.stall\n", SUCCEEDS_OPEN),
        ],
        "succeeds-nobody",
    ),
    (
        "two decisions in a row that change the same register",
        &[(CLOSURE, "    then: closed-down\n", FINED)],
        "written-twice",
    ),
    (
        "a permit given up that stays in the register",
        &[(STALL, "    decides: closed\n    notice", "    decides: voided\n    notice")],
        "no-remedy",
    ),
    (
        "a permit given up that nothing changes",
        &[(STALL, GIVEN_UP, "up. }\n    then: given-back")],
        "voids-nothing",
    ),
    (
        "a permit given up that stays in force",
        &[(STALL, "up. }\n    amends: { status: \"'over'\" }", "up. }\n    amends: { places: 1 }")],
        "voided-in-force",
    ),
    (
        "more time than the law allows in all",
        &[(STALL, "  extension: { term: 10 working", "  extension: { term: 9 working")],
        "extended-over-law",
    ),
    (
        "more time, of another kind than is counted",
        &[(STALL, "extend: { by: { term: 10 working", "extend: { by: { term: 10 natural")],
        "extends-otherwise",
    ),
    (
        "more time without reasons",
        &[(STALL, "        by: chief\n        reasons: true\n", "        by: chief\n")],
        "no-reasons",
    ),
    (
        "a field filled by what only some ways ask",
        &[(CLOSURE, "en: Safe }, then: left-open", "en: Safe }, reasons: true, then: shut")],
        "field-not-filled",
    ),
    (
        "a permit that ran out and stays in the register",
        &[(STALL, ENDED, "free.\" }\n    appeal")],
        "lapsed-in-force",
    ),
    (
        "a place granted on a look that is old",
        &[(STALL, "en: Paid }, needs_met: true,", "en: Paid },")],
        "granted-on-old-look",
    ),
    (
        "a shared condition that does not say what it needs",
        &[("requirements/fair-open.yaml", "form: [place]\n", "")],
        "shares-unsaid",
    ),
    (
        "a shared condition that looks up what the procedure looks up by that name",
        &[
            ("requirements/not-shut-out.yaml", "  shut-out:\n", "  hosted:\n"),
            ("requirements/not-shut-out.yaml", "found.shut-out", "found.hosted"),
        ],
        "looked-up-twice",
    ),
    (
        "a shared look-up that does not say what it needs",
        &[("requirements/not-shut-out.yaml", "host: applicant", "host: place.fair.host")],
        "shares-unsaid",
    ),
    (
        "an entry that ends by no day",
        &[("registers/shut-out.yaml", "lasts_until: until", "lasts_until: name")],
        UNKNOWN_FIELD,
    ),
    (
        "an entry whose publication ends by no day",
        &[("registers/shut-out.yaml", "published_until: until", "published_until: name")],
        UNKNOWN_FIELD,
    ),
    (
        "an end of the publication of what is not public",
        &[("registers/shut-out.yaml", "public: true", "public: false")],
        "publishes-nothing",
    ),
    (
        "a certificate of what is no longer published",
        &[("registers/herb-room.yaml", "in_force:", "published_until: since\nin_force:")],
        "published-certificate",
    ),
    (
        "entries of the directory that time alone ends",
        &[("registers/herb-room.yaml", "in_force:", "lasts_until: since\nin_force:")],
        "fhir-not-lasting",
    ),
    (
        "a shared condition under another name than its file's",
        &[("requirements/fair-open.yaml", "requirement: fair-open", "requirement: fair-opened")],
        "misnamed",
    ),
];
