//! A citizen looks something up: by name, pinyin and code, as of a day, with filters, in vain.

use super::{client::Client, licences::licensed};
use crate::web::handle::escaped;

fn address(language: &str, q: &str, more: &str) -> String {
    format!("/{language}/search?q={}{more}", escaped(q))
}

#[tokio::test]
async fn an_entry_is_looked_up_in_many_ways() {
    let (town, case) = licensed("search").await;
    let mut reader = Client::new(town.router());
    let number = case.rsplit('/').next().unwrap();
    let key = format!("900101-2024-{number}");
    let found = format!("href=\"/zh/registers/herb-room/{key}\">薄荷小店");
    for q in ["薄荷", "荷", "bohe", "bhxd", "ＢＯＨＥ", "薄荷小店", key.as_str()] {
        let answer = reader.get(&address("zh", q, "")).await;
        answer.says(200, &[&found, "找到 1 项", "有效", "东柳区", "草药房名册（虚构）"]);
    }
    reader.get(&address("en", "薄荷", "")).await.says(200, &["1 result", "In force"]);
    reader.get("/zh/").await.says(200, &["action=\"/zh/search\""]);
    reader.get("/en/registers").await.says(200, &["action=\"/en/search\""]);
    reader.get("/en/search").await.says(200, &["Search the public registers"]);
    // As of a day before, under other filters, misspelt, nothing.
    reader.get(&address("zh", "薄荷", "&on=2024-03-01")).await.says(200, &["找到 0 项"]);
    let none = reader.get(&address("zh", "薄荷", "&district=900102")).await;
    none.says(200, &["找到 0 项", "清除筛选条件"]);
    reader.get(&address("zh", "薄荷", "&district=900101&force=in")).await.says(200, &[&found]);
    reader.get(&address("zh", "薄荷", "&force=ended")).await.says(200, &["找到 0 项"]);
    let kilns = reader.get(&address("zh", "薄荷", "&register=kiln")).await;
    kilns.says(200, &["找到 0 项", "草药房名册（虚构） (1)"]);
    let both = "&register=kiln&register=herb-room";
    reader.get(&address("zh", "薄荷", both)).await.says(200, &[&found]);
    let meant = reader.get(&address("zh", "博合", "")).await;
    meant.says(200, &["找到 0 项", "您要找的是不是", &found]);
    reader.get(&address("en", "龘", "")).await.says(200, &["Nothing was found"]);
}

#[tokio::test]
async fn what_cannot_be_sought_is_told_and_kept() {
    let (town, _) = licensed("search-refused").await;
    let mut reader = Client::new(town.router());
    let long = "a".repeat(61);
    let rows = [
        ("q", "1361", "至少输入一个汉字", "two letters or digits"),
        ("<·>", "1361", "至少输入一个汉字", "two letters or digits"),
        (long.as_str(), "1362", "查询内容过长", "too long to search"),
    ];
    for (q, number, zh, en) in rows {
        for (language, says) in [("zh", zh), ("en", en)] {
            let answer = reader.get(&address(language, q, "")).await;
            let kept = q.replace('<', "&#60;").replace('>', "&#62;");
            answer.says(422, &[says, number, &format!("value=\"{kept}\""), "href=\"#q\""]);
            assert_eq!(answer.headers["refusal-number"], number);
        }
        let answer = reader.get(&format!("/api/search?q={}", escaped(q))).await;
        answer.says(422, &[&format!("\"number\":{number}")]);
    }
    for (language, says) in [("zh", "不是经纬度"), ("en", "is no place")] {
        let answer = reader.get(&address(language, "薄荷", "&near=willow")).await;
        answer.says(422, &[says, "1363", "value=\"willow\"", "href=\"#near\"", "value=\"薄荷\""]);
    }
    for bad in ["&after=x", "&on=yesterday", "&district=x", "&known=x"] {
        reader.get(&address("en", "薄荷", bad)).await.says(400, &[]);
    }
}

#[tokio::test]
async fn programs_get_the_same() {
    let (town, _) = licensed("search-api").await;
    let mut reader = Client::new(town.router());
    let answer = reader.get("/api/search?q=bohe").await;
    answer
        .says(200, &["\"register\":\"herb-room\"", "\"answers\":\"begins\"", "\"in_force\":true"]);
    answer.says(200, &["\"total\":{\"found\":1,\"more\":false}", "\"next\":null"]);
    let none = reader.get("/api/search?q=bohe&known=1").await;
    none.says(200, &["\"hits\":[]"]);
}

#[tokio::test]
async fn what_lies_near_is_found_and_drawn() {
    let (town, case) = licensed("search-near").await;
    let mut reader = Client::new(town.router());
    let mut east = Client::signed_in(town.router(), "east").await;
    let number = case.rsplit('/').next().unwrap();
    let entry = format!("/zh/registers/herb-room/900101-2024-{number}");
    reader.get(&entry).await.says(200, &["薄荷小店"]);
    assert!(!reader.get(&entry).await.body.contains("<svg"), "it lies nowhere yet");
    let outside = [("point", "151.1, 20.05"), ("reasons", "定位")];
    let refused = east.fill(&case, &format!("{case}/correct"), &outside).await;
    refused.says(422, &["lies outside this jurisdiction", "value=\"151.1, 20.05\""]);
    let place = [("point", "150.15, 20.05"), ("reasons", "定位")];
    let done = east.fill(&case, &format!("{case}/correct"), &place).await;
    assert_eq!(done.status, 303, "{}", done.body);
    let shown = reader.get(&entry).await;
    let parts =
        ["<svg", "150.150000, 20.050000", "薄荷小店位于东柳区", "柳溪岛略图（虚构）", "查看附近"];
    shown.says(200, &parts);
    let drawn = shown.body.split("<svg").nth(1).unwrap().split("</svg>").next().unwrap();
    assert!(drawn.len() < 40_000, "{} bytes", drawn.len());
    let near = reader.get("/zh/search?near=150.150000,20.050000").await;
    near.says(200, &["薄荷小店", "约 0 米"]);
    reader.get("/en/search?near=900101&q=bohe").await.says(200, &["薄荷小店", "about "]);
    reader.get("/en/search?near=150.15,+20.06").await.says(200, &["about 1111 m"]);
    reader.get("/zh/search?near=10,10").await.says(200, &["找到 0 项"]);
    let wire = reader.get("/api/search?near=150.15,20.06").await;
    wire.says(200, &["\"metres\":1111", "\"point\":\"150.150000, 20.050000\""]);
}
