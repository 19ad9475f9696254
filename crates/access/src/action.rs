//! Everything that can be seen or done: one action for each page and each act. A page has the same
//! action for people and for programs.

use base::Text;

/// The kind of thing an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The pages as a whole.
    Site,
    /// A service: a procedure that somebody may start.
    Service,
    /// A register with its entries.
    Register,
    /// A case with its papers and details.
    Case,
    /// The queue of a body.
    Inbox,
    /// What the platform keeps of a person.
    Person,
    /// The ledger, the packs and the calendar.
    Ledger,
    /// A pack that is proposed.
    Proposal,
    /// What systems send in bulk, and who sends it.
    Lake,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 9] = [
        Self::Site,
        Self::Service,
        Self::Register,
        Self::Case,
        Self::Inbox,
        Self::Person,
        Self::Ledger,
        Self::Proposal,
        Self::Lake,
    ];

    /// The word by which policies name the kind.
    pub fn word(self) -> &'static str {
        match self {
            Self::Site => "Site",
            Self::Service => "Service",
            Self::Register => "Register",
            Self::Case => "Case",
            Self::Inbox => "Inbox",
            Self::Person => "Person",
            Self::Ledger => "Ledger",
            Self::Proposal => "Proposal",
            Self::Lake => "Lake",
        }
    }
}

/// Actions that policies can name together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Pages that tell everybody how things are done here.
    PublicPages,
    /// Pages that show what a register says.
    RegisterPages,
    /// None.
    Alone,
}

impl Group {
    /// The groups that policies can name.
    pub const ALL: [Self; 2] = [Self::PublicPages, Self::RegisterPages];

    /// The word by which policies name the group.
    pub fn word(self) -> &'static str {
        match self {
            Self::PublicPages => "public-pages",
            Self::RegisterPages => "register-pages",
            Self::Alone => "",
        }
    }
}

macro_rules! actions {
    ($($variant:ident $word:literal $kind:ident $group:ident $zh:literal $en:literal)*) => {
        /// What somebody wants to see or do.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action {
            $(#[doc = $en] $variant,)*
        }

        impl Action {
            /// Every action, pages for everybody first.
            pub const ALL: &[Self] = &[$(Self::$variant,)*];

            /// The word by which policies name it.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }

            /// The kind of thing it is about.
            pub fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* }
            }

            /// The actions it can be named together with.
            pub fn group(self) -> Group {
                match self { $(Self::$variant => Group::$group,)* }
            }

            /// What it is, to be read after *may*.
            pub fn title(self) -> Text {
                match self { $(Self::$variant => Text::new($zh, $en),)* }
            }
        }
    };
}

actions! {
    SeeHome "see-home" Site PublicPages "看首页" "see the front page"
    SeePlan "see-plan" Site PublicPages "看行动计划" "see the plan"
    SeeMeasure "see-measure" Site PublicPages "看一项措施" "see a measure"
    SeeCoverage "see-coverage" Site PublicPages
        "看计划落实了什么" "see what is carried out of the plan"
    SeeServices "see-services" Site PublicPages "找服务事项" "find services"
    SeeService "see-service" Site PublicPages "看办事指南" "see the guide to a service"
    SeePublished "see-published" Site PublicPages
        "看公示的许可和处罚" "see the licences and penalties published"
    SeeDraw "see-draw" Site PublicPages
        "看随机抽查的名单和抽取结果" "see what an inspection was drawn from, and the draw"
    SeeLayout "see-layout" Site PublicPages "看设施布局规划" "see a layout plan"
    SeeRegisters "see-registers" Site PublicPages "看有哪些登记簿" "see which registers there are"
    SeeVerify "see-verify" Site PublicPages
        "打开电子证照核验" "open the verification of e-licences"
    VerifyLicence "verify-licence" Site PublicPages "核验电子证照" "verify an e-licence"
    SeeSealRoot "see-seal-root" Site PublicPages
        "下载印章根证书" "take the certificate that verifies seals"
    SeeAccess "see-access" Site PublicPages
        "看谁可以看什么、办什么" "see who may see and do what"
    SeeForPrograms "see-for-programs" Site PublicPages
        "看程序接口说明" "see what there is for programs"
    SeeFaults "see-faults" Site PublicPages
        "查错误编号的含义" "look up what the number of a fault means"
    SeeHead "see-head" Site PublicPages "看账本到第几号" "see the number of the last ledger entry"
    SeeHealth "see-health" Site PublicPages "看服务器是否正常" "see whether the server works"
    SeeAssets "see-assets" Site PublicPages "取用网页样式" "fetch the style of the pages"
    ChooseLook "choose-look" Site PublicPages "换用大字版或标准版" "change to large type and back"
    SeeAccessibility "see-accessibility" Site PublicPages
        "看无障碍说明" "see what is promised on accessibility"
    SeeLifeEvent "see-life-event" Site PublicPages
        "看人生大事要办的事项" "see what an event in life asks for"
    SeeFlow "see-flow" Site PublicPages "看办理流程图" "see how a service goes, drawn"
    SeePacks "see-packs" Site PublicPages
        "看政策包及其各版本" "see the packs that are or were in force"
    Search "search" Site PublicPages "搜索公开的登记簿" "search the public registers"
    AskUpload "ask-upload" Site PublicPages
        "了解如何分段上传" "ask how files are sent in pieces"
    SearchRegister "search-register" Register RegisterPages "查登记簿" "search a register"
    SeeEntry "see-entry" Register RegisterPages "看登记簿的条目" "see an entry of a register"
    SeeCertificate "see-certificate" Register RegisterPages "看证照" "see a certificate"
    TakeLicence "take-licence" Register RegisterPages "下载电子证照" "take an e-licence"
    TakeCertificate "take-certificate" Register RegisterPages
        "下载证照的打印件" "take a certificate to print"
    TakeCredential "take-credential" Register RegisterPages
        "下载可验证凭证" "take a credential that anybody can check"
    SeeComponents "see-components" Site Alone
        "看页面的组成部分" "see the parts that pages are made of"
    SeeSignIn "see-sign-in" Site Alone "打开登录页" "open the page to sign in"
    SignIn "sign-in" Site Alone "登录" "sign in"
    SignInInvented "sign-in-invented" Site Alone
        "以虚构人物的身份登录" "sign in as an invented person"
    SignOut "sign-out" Site Alone "退出登录" "sign out"
    SignUp "sign-up" Site Alone "注册账户" "make an account"
    TakeBackForm "take-back-form" Site Alone
        "取回登录失效后发出的表单" "take back a form that came after the session had ended"
    SeeAccount "see-account" Site Alone "看自己的账户" "see one's own account"
    ChangeAccount "change-account" Site Alone "更改自己的账户" "change one's own account"
    ActForBody "act-for-body" Site Alone "换一个身份办事" "act for another body, or for oneself"
    GiveLeave "give-leave" Site Alone
        "授权他人代办或终止授权" "let somebody act for one, and end it"
    IdentifyAtCounter "identify-at-counter" Site Alone
        "在窗口核验身份" "see somebody's document at the counter"
    SeeOwnCases "see-own-cases" Site Alone "看自己的办件" "see one's own cases"
    SeeMessages "see-messages" Site Alone "看自己的消息" "see one's own messages"
    SetMessages "set-messages" Site Alone
        "标记消息、设置通知方式" "mark messages and set where one is told"
    SeeStart "see-start" Service Alone
        "打开申请的起始页" "open the page where an application starts"
    WriteDraft "write-draft" Service Alone "开始填写申请" "begin an application"
    SeeDrafts "see-drafts" Site Alone "看自己的草稿" "see one's own drafts"
    SaveDraft "save-draft" Site Alone "保存草稿" "save a draft"
    Upload "upload" Site Alone "分段上传草稿的文件" "send the files of a draft in pieces"
    SendFile "send-file" Site Alone
        "由程序发送申请的文件" "send, as a program, a file for an application"
    SeeChanges "see-changes" Site Alone
        "按顺序取得自己可见办件的变动" "take the changes of cases that one sees, in order"
    Subscribe "subscribe" Site Alone
        "登记接收变动的系统" "have changes pushed to a system of one's own"
    DeleteDraft "delete-draft" Site Alone "删除草稿" "delete a draft"
    SignDraft "sign-draft" Site Alone "签名并提交草稿" "sign a draft and file it"
    SeeForm "see-form" Service Alone "打开申请表" "open an application"
    File "file" Service Alone "提交申请" "file an application"
    SeeCase "see-case" Case Alone "看办件" "see a case"
    SeePaper "see-paper" Case Alone "看办件的材料" "see a paper of a case"
    Reveal "reveal" Case Alone "看办件里的个人信息" "open a personal detail of a case"
    Choose "choose" Case Alone "作出选择或决定" "choose or decide in a case"
    DraftLayout "draft-layout" Case Alone
        "编制布局规划的草案" "draw up drafts of a layout plan"
    Answer "answer" Case Alone "在联合审查中答复" "answer in a review"
    Resume "resume" Case Alone "恢复计时" "let a stopped clock go on"
    Supply "supply" Case Alone "补正材料" "hand in what is missing"
    Withdraw "withdraw" Case Alone "撤回申请" "withdraw an application"
    Appeal "appeal" Case Alone "申请复议" "challenge a decision"
    Rule "rule" Case Alone "作出复议决定" "rule on a challenge"
    Correct "correct" Case Alone "更正登记" "correct an entry"
    Serve "serve" Case Alone "送达决定" "serve a decision"
    AskRecusal "ask-recusal" Case Alone "申请回避" "ask that an officer stand aside"
    Recuse "recuse" Case Alone "回避或决定回避" "stand aside, or decide on it"
    RunOut "run-out" Case Alone "让到期的期限生效" "let a term that has run out take effect"
    SeeInbox "see-inbox" Inbox Alone "看机关的待办" "see what waits for a body"
    KeepView "keep-view" Inbox Alone
        "保存待办的视图" "keep views of what waits for a body"
    SeeLoad "see-load" Inbox Alone
        "看本机关和下级机关的办件量" "see how much waits for a body and those below it"
    Assign "assign" Inbox Alone "在机关内交办办件" "give cases to officers of the body"
    NoteAway "note-away" Inbox Alone "登记外出和代管人" "say who is away and who stands in"
    SeeProposal "see-proposal" Proposal Alone "看拟议的政策包" "see a pack that is proposed"
    ProposePack "propose-pack" Proposal Alone "上传政策包" "upload a pack"
    StagePack "stage-pack" Proposal Alone "试行政策包" "stage a pack"
    DatePack "date-pack" Proposal Alone "定政策包的启用日" "set the day of a pack"
    PublishPack "publish-pack" Proposal Alone "发布政策包" "publish a pack"
    DiscardPack "discard-pack" Proposal Alone "放弃拟议的政策包" "give a proposed pack up"
    SendRows "send-rows" Lake Alone "以来源系统的密钥报送数据" "send rows signed by a source"
    SeeSources "see-sources" Lake Alone
        "看数据来源和未收下的行" "see the sources of rows, and the rows that were not taken"
    KeepSources "keep-sources" Lake Alone
        "登记、变更、停用数据来源" "note sources of rows, change and end them"
    MendRows "mend-rows" Lake Alone
        "更正或放弃未收下的行" "put rows right that were not taken, or give them up"
    SeeFindings "see-findings" Lake Alone
        "看监管规则和发现" "see the rules of supervision and what they found"
    SeeCredit "see-credit" Site Alone
        "看不良执业记分" "see points for bad practice"
    SeePicture "see-picture" Site Alone
        "看当事人全景" "see the picture of a party"
    SeeReadings "see-readings" Person Alone
        "看谁查看过个人信息" "see who has read a person's details"
    ErasePerson "erase-person" Person Alone "删除个人信息" "erase a person's details"
    VerifyLedger "verify-ledger" Ledger Alone "核验账本" "verify the ledger"
    AdoptPack "adopt-pack" Ledger Alone "启用政策包" "put a pack in force"
    AdoptCalendar "adopt-calendar" Ledger Alone "采用新年度日历" "adopt a calendar"
    TakeOverRegister "take-over-register" Ledger Alone "接收登记簿" "take over a register"
}

impl Action {
    /// The action of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.word() == word)
    }
}
