//! What is wrong, and nearly wrong, in lines of settlements and scans of packs.

use lake::batch::day_number;

use super::{
    put::{HOUR, Put, Who, tagged},
    rows::LATER,
    said::{NOON, RISEN, RISES_ON, years_before},
};
use crate::{
    city::{DAYS, INSTITUTIONS},
    event::{FIRST_DAY, at},
};

/// The drugs whose packs are scanned, by what their codes begin with.
const BOXES: [(&str, &str); 2] = [("YS00001", "YS-D-BOX1"), ("YS00002", "YS-D-BOX2")];
/// The lot that was recalled, and the first day of the recall.
const RECALLED: (&str, i32) = ("YS-LOT-BAD", 59);
/// What is costly in a year, in fen.
const COSTLY: i64 = 5_000_000;

impl Put {
    /// Items beside each other, of one person on one day or in one week.
    pub(crate) fn together(&mut self, which: u64) {
        self.quantities(which);
        let tag = tagged("included-item", which);
        let (who, right) = (self.who(which), self.who(which));
        self.line(who, 0, "YS-S-OPERATION", None);
        self.line(who, 0, "YS-S-DRESSING", tag);
        self.line(right, 1, "YS-S-OPERATION", None);
        self.line(right, 0, "YS-S-DRESSING", None);
        let tag = tagged("split-item", which);
        let (who, right) = (self.who(which), self.who(which));
        self.line(who, 0, "YS-S-PANEL-A", tag);
        self.line(who, 0, "YS-S-PANEL-B", tag);
        self.line(right, 0, "YS-S-PANEL-A", None);
        self.line(right, 0, "YS-S-PANEL-A", None);
        self.line(right, 1, "YS-S-PANEL-B", None);
        let tag = tagged("paid-without-diagnosis", which);
        for (diagnosis, tag) in [("I10.x", tag), ("J44.1", None)] {
            let who = self.who(which);
            self.line(who, 0, "YS-D-ASTHMA", tag).diagnosis = Some(diagnosis);
        }
        self.contacts(which);
    }

    fn quantities(&mut self, which: u64) {
        let tag = tagged("quantity-limit", which);
        let monday = |day: i32| (FIRST_DAY + LATER + day + 3) % 7;
        let who = self.who(which);
        if which.is_multiple_of(2) {
            self.line(who, 0, "YS-S-PHYSIO", tag).quantity = 3;
        } else {
            // From a Monday to the Friday.
            let who = Who { day: who.day - monday(who.day) - 3, ..who };
            (0..5).for_each(|before| self.line(who, before, "YS-S-PHYSIO", tag).quantity = 2);
        }
        // Four days of a week and the first of the next.
        let right = self.who(which);
        let right = Who { day: right.day - monday(right.day), ..right };
        for before in [0, 4, 5, 6, 7] {
            self.line(right, before, "YS-S-PHYSIO", None).quantity = 2;
        }
    }

    fn contacts(&mut self, which: u64) {
        let tag = tagged("shared-contact", which);
        for (persons, amount, tag) in
            [(3, COSTLY, tag), (3, COSTLY - 100, None), (2, COSTLY * 2, None)]
        {
            let contact = self.serial() + (1 << 50);
            for _ in 0..persons {
                let who = self.who(which);
                let line = self.line(who, 0, "S0501", tag);
                (line.amount, line.contact) = (amount, Some(contact));
            }
        }
    }

    /// Items for one sex, for children and for institutions of a level.
    pub(crate) fn limited(&mut self, which: u64) {
        let his = which.is_multiple_of(2);
        let (drug, wrong, right) =
            if his { ("YS-D-HIS", "female", "male") } else { ("YS-D-HER", "male", "female") };
        let (who, other) = (self.of_sex(which, wrong), self.of_sex(which, right));
        self.line(who, 0, drug, tagged("drug-against-sex", which));
        self.line(other, 0, drug, None);
        let (who, other) = (self.of_sex(which, "male"), self.of_sex(which, "female"));
        self.line(who, 0, "YS-S-HER", tagged("service-against-sex", which));
        self.line(other, 0, "YS-S-HER", None);
        for (rule, item, age) in [
            ("childrens-drug-for-adult", "YS-D-KID", 14),
            ("childrens-payment-for-adult", "YS-D-SYRUP", 18),
            ("childrens-service-for-adult", "YS-S-KID", 7),
        ] {
            // Of that age today or long since; the other only tomorrow.
            let more = if which.is_multiple_of(2) { 0 } else { 20 };
            let (who, right) = (self.who(which), self.who(which));
            let born_on = years_before(who.day, age + more, 0);
            self.line(who, 0, item, tagged(rule, which)).born_on = Some(day_number(born_on));
            let born_on = years_before(right.day, age, 1);
            self.line(right, 0, item, None).born_on = Some(day_number(born_on));
        }
        self.levels(which);
    }

    fn levels(&mut self, which: u64) {
        let tag = tagged("paid-below-grade", which);
        let who = self.who(which);
        let in_second = Who { institution: INSTITUTIONS / 2 + which % 5, ..who };
        match which % 3 {
            0 => self.line(who, 0, "YS-D-STRONG", tag),
            1 => self.line(in_second, 0, "YS-S-ROBOT", tag),
            _ => {
                let rises = Who { institution: RISEN, day: RISES_ON, ..who };
                let line = self.line(rises, 0, "YS-D-STRONG", tag);
                line.at = at(RISES_ON, NOON - 1);
                line
            }
        };
        let right = self.who(which);
        self.line(Who { institution: 5 + which % 5, ..right }, 0, "YS-S-ROBOT", None);
        let right = self.who(which);
        self.line(Who { institution: RISEN, day: RISES_ON, ..right }, 0, "YS-D-STRONG", None);
    }

    fn pack(&mut self, which: u64) -> (String, &'static str) {
        let place = usize::from(!which.is_multiple_of(2));
        let (product, item) = BOXES.get(place).copied().unwrap_or_default();
        (format!("{product}{:013}", (1 << 40) + self.serial()), item)
    }

    /// Codes of packs: sold twice, as another drug, or fewer than were settled.
    pub(crate) fn packs(&mut self, which: u64) {
        let tag = tagged("code-twice", which);
        let who = self.who(which);
        for (between, split, tag) in
            [(None, false, tag), (Some("returned"), false, None), (Some("sold"), true, None)]
        {
            let (code, _) = self.pack(which);
            self.scan(who, &code, (30, "received"), None);
            self.scan(who, &code, (9, "sold"), tag).split = split;
            if let Some(kind) = between {
                self.scan(who, &code, (5, kind), None).split = split;
            }
            self.scan(who, &code, (0, "sold"), tag).split = split;
        }
        let tag = tagged("code-product", which);
        for (other, tag) in [(1, tag), (0, None)] {
            let ((code, _), (_, item)) = (self.pack(which), self.pack(which + other));
            let who = self.who(which);
            self.scan(who, &code, (30, "received"), None);
            self.scan(who, &code, (0, "sold"), tag).item = Some(item.to_owned());
        }
        let tag = tagged("scans-short", which);
        for (scanned, tag) in [(2, tag), (3, None)] {
            let who = self.who(which);
            let (_, item) = self.pack(which);
            let line = self.line(who, 0, item, tag);
            (line.quantity, line.days_supplied) = (3, Some(30));
            let line = line.line.clone();
            for _ in 0..scanned {
                let (code, _) = self.pack(which);
                self.scan(who, &code, (30, "received"), None);
                let sold = self.scan(who, &code, (0, "sold"), None);
                (sold.item, sold.line) = (Some(item.to_owned()), Some(line.clone()));
            }
        }
        self.unsellable(which);
    }

    /// Packs that came too late or never, that had expired or were recalled.
    fn unsellable(&mut self, which: u64) {
        let tag = tagged("code-order", which);
        let ((lot, recalled_on), (code, _)) = (RECALLED, self.pack(which));
        let who = self.who(which);
        let who = Who { day: who.day.min(DAYS - 5), ..who };
        match which % 4 {
            0 => {}
            1 => self.scan(who, &code, (-3, "received"), None).lot = "B001".to_owned(),
            _ => self.scan(who, &code, (30, "received"), None).lot = "B001".to_owned(),
        }
        let sold = self.scan(who, &code, (0, "sold"), tag);
        match which % 4 {
            2 => sold.expires_on = who.day - 1,
            3 => lot.clone_into(&mut sold.lot),
            _ => {}
        }
        // On the last day, on the day before the recall, and an hour after it came.
        let (last, before, soon) = (self.pack(which).0, self.pack(which).0, self.pack(which).0);
        let right = self.who(which);
        self.scan(right, &last, (30, "received"), None);
        self.scan(right, &last, (0, "sold"), None).expires_on = right.day;
        let right = Who { day: recalled_on - 1, ..self.who(which) };
        self.scan(right, &before, (30, "received"), None);
        lot.clone_into(&mut self.scan(right, &before, (0, "sold"), None).lot);
        let right = self.who(which);
        self.scan(right, &soon, (0, "received"), None);
        self.scan(right, &soon, (0, "sold"), None).at = at(right.day, 13 * HOUR);
    }
}
