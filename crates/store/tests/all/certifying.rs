//! Certificates and lists of revoked ones: kept once, found by digest and by name, the latest list
//! first.

use base::Name;
use store::certifying::{Certifying, CertifyingKind};

use crate::bench::{everywhere, on};

fn document(digest: u8, kind: CertifyingKind, name: u8, day: &str) -> Certifying {
    Certifying {
        digest: [digest; 32],
        kind,
        name: [name; 32],
        issuer: [100; 32],
        at: on(day),
        document: vec![digest, name],
        source: Name::new("his-1").unwrap(),
        taken_at: on("2030-02-01"),
    }
}

#[tokio::test]
async fn each_is_kept_once_and_the_latest_list_is_found() {
    everywhere("certifying", async |bench| {
        let store = &bench.store;
        let (certificate, list) = (CertifyingKind::Certificate, CertifyingKind::List);
        let all = [
            document(1, certificate, 7, "2030-01-01"),
            document(2, certificate, 7, "2030-01-09"),
            document(3, certificate, 8, "2030-01-01"),
            document(4, list, 7, "2030-01-05"),
            document(5, list, 7, "2030-01-06"),
        ];
        assert_eq!(store.keep_certifying(&all).await.unwrap().len(), 5);
        assert_eq!(store.keep_certifying(&all).await.unwrap().len(), 0);
        // A list that comes late is kept, and the later one is still the latest.
        let late = document(6, list, 7, "2030-01-04");
        let new = store.keep_certifying(&[late]).await.unwrap();
        assert_eq!(new.into_iter().collect::<Vec<_>>(), [[6; 32]]);
        assert_eq!(store.certificate(&[2; 32]).await.unwrap(), Some(vec![2, 7]));
        assert_eq!(store.certificate(&[4; 32]).await.unwrap(), None, "a list is no certificate");
        let found = store.certifying(certificate, &[7; 32]).await.unwrap();
        assert_eq!(found, [vec![2, 7], vec![1, 7]]);
        assert_eq!(store.certifying(list, &[7; 32]).await.unwrap(), [[5, 7], [4, 7], [6, 7]]);
        let issued = store.issued_by(&[100; 32], None).await.unwrap();
        let digests: Vec<u8> = issued.iter().map(|(digest, _)| digest[0]).collect();
        assert_eq!(digests, [1, 2, 3]);
        assert_eq!(store.issued_by(&[100; 32], Some([2; 32])).await.unwrap().len(), 1);
        assert_eq!(store.issued_by(&[7; 32], None).await.unwrap(), []);
        assert_eq!(store.certifying(list, &[9; 32]).await.unwrap(), Vec::<Vec<u8>>::new());
    })
    .await;
}
