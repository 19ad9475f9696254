//! A register taken whole, as CSV and as a workbook.

use std::io::Cursor;

use calamine::{Reader, Xlsx, open_workbook_from_rs};

use super::{client::Client, licences::licensed};

const TABLE: &str = "/en/registers/herb-room/table";

fn of_csv(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut table = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes);
    table.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

fn of_book(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let mut book: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().map(|row| row.iter().map(ToString::to_string).collect()).collect()
}

#[tokio::test]
async fn a_register_is_taken_whole_in_two_formats_that_say_the_same() {
    let (town, _) = licensed("bulk").await;
    let mut reader = Client::new(town.router());
    let page = reader.get("/en/registers/herb-room").await;
    for ending in ["csv", "xlsx"] {
        page.says(200, &[&format!("href=\"{TABLE}.{ending}\"")]);
    }
    let answer = reader.get(&format!("{TABLE}.csv")).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert_eq!(answer.headers.get("content-type").unwrap(), "text/csv; charset=utf-8");
    let rows = of_csv(&answer.bytes);
    let [head, entry] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((head.len(), head.last().unwrap().as_str()), (entry.len(), "Until"));
    assert!(entry.iter().any(|cell| cell == "薄荷小店"), "{entry:?}");
    let book = reader.get(&format!("{TABLE}.xlsx")).await;
    assert_eq!(book.status, 200, "{}", book.body);
    assert_eq!(of_book(book.bytes), rows);

    // Who holds a stall is known by a reference, which is told to nobody.
    let stalls = reader.get("/en/registers/stall/table.csv").await;
    let rows = of_csv(&stalls.bytes);
    assert!(rows[0].len() > 3 && !rows[0].contains(&"Holder".to_owned()), "{rows:?}");

    // As it was known before anything was, there is nothing but the heading.
    for ending in ["csv", "xlsx"] {
        let answer = reader.get(&format!("{TABLE}.{ending}?known=0")).await;
        let rows = if ending == "csv" { of_csv(&answer.bytes) } else { of_book(answer.bytes) };
        assert_eq!(rows.len(), 1, "{ending}");
    }
    let sought = reader.get(&format!("{TABLE}.csv?q=nobody")).await;
    assert_eq!(of_csv(&sought.bytes).len(), 1);
    reader.get("/en/registers/named-patient-use/table.csv").await.says(404, &[]);
    reader.get(&format!("{TABLE}.csv?on=2030-02-30")).await.says(400, &[]);
}
