//! The words of every refusal: number, word, sentence and next step in both languages.

use base::Text;

/// What a refusal says.
pub(super) struct Row {
    pub(super) number: u16,
    pub(super) word: &'static str,
    zh: &'static str,
    en: &'static str,
    next_zh: &'static str,
    next_en: &'static str,
}

impl Row {
    /// The sentence, with what it is about in each language.
    pub(super) fn says(&self, about: &Text) -> Text {
        Text::new(format!("{}{}", self.zh, about.zh), format!("{}{}", self.en, about.en))
    }

    /// The next step.
    pub(super) fn next(&self) -> Text {
        Text::new(self.next_zh, self.next_en)
    }
}

/// Every refusal, in the order of this table.
pub(super) const ALL: [&Row; 43] = [
    &NO_SUCH_PROCEDURE,
    &NO_SUCH_CASE,
    &ALREADY_FILED,
    &NOT_OPEN_TO_YOU,
    &FORM,
    &NO_COMPETENT_BODY,
    &NOT_YOUR_CASE,
    &NOT_COMPETENT,
    &NOT_NOW,
    &NO_SUCH_OUTCOME,
    &REASONS_MISSING,
    &CONDITIONS_NOT_MET,
    &SUPPLEMENT_ITEMS,
    &SUPPLEMENT_WIDENED,
    &SUPPLEMENT_EXHAUSTED,
    &STILL_MISSING,
    &WITHDRAWAL_TOO_LATE,
    &REMEDY_NOT_OPEN,
    &REMEDY_TOO_LATE,
    &NOTHING_TO_CORRECT,
    &BEFORE_LAST_ENTRY,
    &NOT_RUN_OUT,
    &STOP_EXHAUSTED,
    &PLACE_SETTLED,
    &NOT_COMMITTED,
    &EVIDENCE_MISSING,
    &EXTENSION_EXHAUSTED,
    &ENTRY_GONE,
    &NOBODY_HOLDS,
    &FEE_UNKNOWN,
    &STANDS_ASIDE,
    &NO_SUCH_OFFICER,
    &NO_SUCH_WAY,
    &SERVICE_DAY,
    &NOT_ADMITTED,
    &TURN_UNKNOWN,
    &DRAW_REFUSED,
    &LAYOUT_REFUSED,
    &AREAS_UNKNOWN,
    &NO_SUCH_DRAFT,
    &DRAFT_TWICE,
    &DRAFTS_FULL,
    &PACK_FAULT,
];

pub(super) const NO_SUCH_PROCEDURE: Row = Row {
    number: 1001,
    word: "no-such-procedure",
    zh: "没有这一事项",
    en: "there is no such procedure",
    next_zh: "请从办事目录中选择。",
    next_en: "Choose one from the list of services.",
};

pub(super) const NO_SUCH_CASE: Row = Row {
    number: 1002,
    word: "no-such-case",
    zh: "没有这一办件",
    en: "there is no such case",
    next_zh: "请核对办件编号。",
    next_en: "Check the case number.",
};

pub(super) const ALREADY_FILED: Row = Row {
    number: 1003,
    word: "already-filed",
    zh: "该办件已提交",
    en: "the case is already filed",
    next_zh: "请查看办理进度。",
    next_en: "Look at its progress.",
};

pub(super) const NOT_OPEN_TO_YOU: Row = Row {
    number: 1004,
    word: "not-open-to-you",
    zh: "该事项不向此类申请人开放",
    en: "the procedure is not open to such an applicant",
    next_zh: "请查看办事指南中的申请人范围。",
    next_en: "See who may apply in the service guide.",
};

pub(super) const FORM: Row = Row {
    number: 1005,
    word: "form",
    zh: "表单或材料有误",
    en: "the form or papers do not fit",
    next_zh: "请按提示逐项改正后重新提交。",
    next_en: "Mend each item named and send again.",
};

pub(super) const NO_COMPETENT_BODY: Row = Row {
    number: 1006,
    word: "no-competent-body",
    zh: "该地点没有主管机关",
    en: "no body is competent for the place",
    next_zh: "请核对所填行政区划。",
    next_en: "Check the division given.",
};

pub(super) const NOT_YOUR_CASE: Row = Row {
    number: 1101,
    word: "not-your-case",
    zh: "您不是该办件的申请人",
    en: "you are not the applicant of this case",
    next_zh: "请以申请人身份登录。",
    next_en: "Sign in as the applicant.",
};

pub(super) const NOT_COMPETENT: Row = Row {
    number: 1102,
    word: "not-competent",
    zh: "您所在机关不是该环节的主管机关",
    en: "your body is not competent for this step",
    next_zh: "请转交主管机关办理。",
    next_en: "Leave it to the competent body.",
};

pub(super) const NOT_NOW: Row = Row {
    number: 1103,
    word: "not-now",
    zh: "办件当前状态不允许此操作",
    en: "the case does not stand where this act is possible",
    next_zh: "请刷新后查看当前可办操作。",
    next_en: "Look at the case again to see what is possible now.",
};

pub(super) const NO_SUCH_OUTCOME: Row = Row {
    number: 1104,
    word: "no-such-outcome",
    zh: "该环节没有这一结果",
    en: "the stage has no such outcome",
    next_zh: "请从所列结果中选择。",
    next_en: "Choose one of those listed.",
};

pub(super) const REASONS_MISSING: Row = Row {
    number: 1105,
    word: "reasons-missing",
    zh: "须说明理由",
    en: "reasons must be given",
    next_zh: "请填写理由。",
    next_en: "Write the reasons.",
};

pub(super) const CONDITIONS_NOT_MET: Row = Row {
    number: 1106,
    word: "conditions-not-met",
    zh: "条件未满足或尚不能确定",
    en: "conditions are not met, or not known to be",
    next_zh: "请要求补正，或作出不予决定。",
    next_en: "Ask for a supplement, or refuse with reasons.",
};

pub(super) const SUPPLEMENT_ITEMS: Row = Row {
    number: 1107,
    word: "supplement-items",
    zh: "补正通知须列明表单或材料中所缺的内容",
    en: "a supplement notice names what is missing, from the form and the papers",
    next_zh: "请勾选须补正的内容。",
    next_en: "Tick what is missing.",
};

pub(super) const SUPPLEMENT_WIDENED: Row = Row {
    number: 1108,
    word: "supplement-widened",
    zh: "再次补正不得超出首次一次性告知的范围",
    en: "a later notice may not widen the first",
    next_zh: "只能要求首次告知中的内容。",
    next_en: "Ask only for what the first notice named.",
};

pub(super) const SUPPLEMENT_EXHAUSTED: Row = Row {
    number: 1109,
    word: "supplement-exhausted",
    zh: "补正次数已用完",
    en: "the stage has asked as often as it may",
    next_zh: "请作出决定。",
    next_en: "Decide on what there is.",
};

pub(super) const STILL_MISSING: Row = Row {
    number: 1110,
    word: "still-missing",
    zh: "补正内容仍有缺项",
    en: "something asked for is still missing",
    next_zh: "请补齐后一次提交。",
    next_en: "Complete it and send it at once.",
};

pub(super) const WITHDRAWAL_TOO_LATE: Row = Row {
    number: 1111,
    word: "withdrawal-too-late",
    zh: "该环节不能撤回",
    en: "the application can no longer be withdrawn here",
    next_zh: "请等待决定或联系主管机关。",
    next_en: "Wait for the decision, or write to the body.",
};

pub(super) const REMEDY_NOT_OPEN: Row = Row {
    number: 1112,
    word: "remedy-not-open",
    zh: "该决定不适用此救济途径",
    en: "the decision cannot be challenged in that way",
    next_zh: "请查看决定书载明的救济途径。",
    next_en: "See the remedies named in the decision.",
};

pub(super) const REMEDY_TOO_LATE: Row = Row {
    number: 1113,
    word: "remedy-too-late",
    zh: "救济期限已过",
    en: "the time to challenge the decision is over",
    next_zh: "请咨询其他法律途径。",
    next_en: "Ask about other legal ways.",
};

pub(super) const NOTHING_TO_CORRECT: Row = Row {
    number: 1114,
    word: "nothing-to-correct",
    zh: "不能如此更正登记内容",
    en: "the entry cannot be corrected in that way",
    next_zh: "请核对登记项及其类型。",
    next_en: "Check the fields and their kinds.",
};

pub(super) const BEFORE_LAST_ENTRY: Row = Row {
    number: 1115,
    word: "before-last-entry",
    zh: "时间早于办件的最近记录",
    en: "the moment lies before the case's last entry",
    next_zh: "请核对时间。",
    next_en: "Check the time.",
};

pub(super) const NOT_RUN_OUT: Row = Row {
    number: 1116,
    word: "not-run-out",
    zh: "期限尚未届满或届满不产生后果",
    en: "the term has not run out, or nothing follows from it",
    next_zh: "无须处理。",
    next_en: "There is nothing to do.",
};

pub(super) const STOP_EXHAUSTED: Row = Row {
    number: 1117,
    word: "stop-exhausted",
    zh: "该环节中止计时的次数已用完",
    en: "the step has stopped the clock as often as it may",
    next_zh: "请在剩余时限内办理。",
    next_en: "Go on within the time that is left.",
};

pub(super) const PLACE_SETTLED: Row = Row {
    number: 1118,
    word: "place-settled",
    zh: "决定主管机关的地点不能在办理中变更",
    en: "the place that settles who is competent cannot change in a running case",
    next_zh: "请撤回后向新地点的主管机关重新申请。",
    next_en: "Withdraw, and apply where the new place is.",
};

pub(super) const NOT_COMMITTED: Row = Row {
    number: 1119,
    word: "not-committed",
    zh: "申请人没有签署、或不得签署所依据的承诺",
    en: "the applicant has not signed, or may not sign, the commitment on which this rests",
    next_zh: "请按普通程序办理。",
    next_en: "Take the ordinary way.",
};

pub(super) const EVIDENCE_MISSING: Row = Row {
    number: 1120,
    word: "evidence-missing",
    zh: "没有证明材料，不能认定承诺已履行",
    en: "the commitment cannot be found kept without its evidence",
    next_zh: "请要求提交证明材料，或认定承诺未履行。",
    next_en: "Ask for the evidence, or find the commitment broken.",
};

pub(super) const EXTENSION_EXHAUSTED: Row = Row {
    number: 1121,
    word: "extension-exhausted",
    zh: "该环节延长的次数已用完",
    en: "the step has been extended as often as it may",
    next_zh: "请在剩余时限内办理。",
    next_en: "Go on within the time that is left.",
};

pub(super) const ENTRY_GONE: Row = Row {
    number: 1122,
    word: "entry-gone",
    zh: "所指登记已不在登记簿中",
    en: "the entry named is no longer in its register",
    next_zh: "请核对登记编号；必要时不予办理并说明理由。",
    next_en: "Check the entry's key; refuse with reasons if it is gone for good.",
};

pub(super) const NOBODY_HOLDS: Row = Row {
    number: 1123,
    word: "nobody-holds",
    zh: "所指登记在本平台没有持有人",
    en: "nobody on the platform holds the entry named",
    next_zh: "请先由持有人认领该登记，或者以其他方式送达。",
    next_en: "Let its holder claim the entry first, or serve in another way.",
};

pub(super) const FEE_UNKNOWN: Row = Row {
    number: 1124,
    word: "fee-unknown",
    zh: "缺少计算费用所需的信息",
    en: "the fee cannot be told from what is known",
    next_zh: "请要求补正计费所需的信息。",
    next_en: "Ask for what the fee is counted from by a supplement.",
};

pub(super) const STANDS_ASIDE: Row = Row {
    number: 1125,
    word: "stands-aside",
    zh: "您在该办件中须回避",
    en: "you stand aside in this case",
    next_zh: "请交由本机关其他工作人员办理。",
    next_en: "Leave it to a colleague of your body.",
};

pub(super) const NO_SUCH_OFFICER: Row = Row {
    number: 1126,
    word: "no-such-officer",
    zh: "该工作人员没有经办此办件",
    en: "no such officer has had a hand in this case",
    next_zh: "请从办件页面所列经办人中选择。",
    next_en: "Choose one of those listed on the page of the case.",
};

pub(super) const NO_SUCH_WAY: Row = Row {
    number: 1127,
    word: "no-such-way",
    zh: "该日不能以此方式送达",
    en: "there is no such way of service on that day",
    next_zh: "请从所列送达方式中选择，并核对日期。",
    next_en: "Choose one of the ways listed, and check the day.",
};

pub(super) const SERVICE_DAY: Row = Row {
    number: 1128,
    word: "service-day",
    zh: "送达日不得早于作出决定之日，也不得晚于今日",
    en: "a decision is served neither before the day it is made nor after today",
    next_zh: "请核对回证上的日期。",
    next_en: "Check the day on the receipt.",
};

pub(super) const NOT_ADMITTED: Row = Row {
    number: 1129,
    word: "not-admitted",
    zh: "不符合提交的前提，没有立案",
    en: "it cannot be filed, and no case was opened",
    next_zh: "请核对所列要求；已经办过的，请在“我的办件”中查看。",
    next_en: "See what is asked; where it has been done before, look for it among your cases.",
};

pub(super) const TURN_UNKNOWN: Row = Row {
    number: 1130,
    word: "turn-unknown",
    zh: "缺少判断下一环节所需的信息",
    en: "it cannot be told from what is known where the case goes on",
    next_zh: "请补充所缺信息后再办。",
    next_en: "Ask for what is missing by a supplement first.",
};

pub(super) const DRAW_REFUSED: Row = Row {
    number: 1131,
    word: "draw-refused",
    zh: "抽查的名单、种子承诺或者种子不符合要求",
    en: "the lists, a pledge or a seed of the draw is not as it must be",
    next_zh: "请按所述改正后再办。",
    next_en: "Mend what is named, then do it again.",
};

pub(super) const LAYOUT_REFUSED: Row = Row {
    number: 1132,
    word: "layout-refused",
    zh: "布局规划的调查底数或者草案不符合要求",
    en: "the survey or the draft of the layout plan is not as it must be",
    next_zh: "请按所述改正后再办。",
    next_en: "Mend what is named, then do it again.",
};

pub(super) const AREAS_UNKNOWN: Row = Row {
    number: 1133,
    word: "areas-unknown",
    zh: "有的居民区没有登记位置或者人数",
    en: "it is not known where these areas lie, or how many people live there",
    next_zh: "请先在登记簿中补上，再摸底：漏下的人就没有人为他们规划。",
    next_en: "Put it on record first, for nobody would plan for people who are left out.",
};

pub(super) const NO_SUCH_DRAFT: Row = Row {
    number: 1134,
    word: "no-such-draft",
    zh: "没有这一号草案",
    en: "there is no draft of that number on file",
    next_zh: "请从已提交的草案中选择，按提交先后从 1 起编号。",
    next_en: "Choose one that is on file; they are counted from 1 as they came.",
};

pub(super) const DRAFT_TWICE: Row = Row {
    number: 1135,
    word: "draft-twice",
    zh: "同样的草案已经提交，编号",
    en: "the same draft is on file already, by its number",
    next_zh: "请直接使用已提交的草案。",
    next_en: "Use the one that is on file.",
};

pub(super) const DRAFTS_FULL: Row = Row {
    number: 1136,
    word: "drafts-full",
    zh: "草案已满，最多",
    en: "as many drafts are on file as there can be",
    next_zh: "请在已提交的草案中选择。",
    next_en: "Choose one of those on file.",
};

pub(super) const PACK_FAULT: Row = Row {
    number: 1190,
    word: "pack-fault",
    zh: "政策包无法执行",
    en: "the pack cannot be carried out as written",
    next_zh: "请联系政策包维护人员。",
    next_en: "Tell those who keep the pack.",
};
