//! An address as a QR code (GB/T 18284, ISO/IEC 18004) in SVG.

use qrcode::{EcLevel, QrCode, render::svg};

use crate::Unprinted;

/// The code with its quiet zone. A sixth of it may be soiled or torn and it still reads.
///
/// # Errors
/// [`Unprinted::AddressTooLong`] where it does not fit.
pub fn svg(address: &str) -> Result<String, Unprinted> {
    let code = QrCode::with_error_correction_level(address, EcLevel::M);
    let code = code.map_err(|_| Unprinted::AddressTooLong)?;
    Ok(code.render::<svg::Color<'_>>().module_dimensions(8, 8).quiet_zone(true).build())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_drawn_the_same_each_time_and_not_beyond_what_a_code_holds() {
        let drawn = svg("https://willow.example/zh/registers/herb-room/7").unwrap();
        assert_eq!(drawn, svg("https://willow.example/zh/registers/herb-room/7").unwrap());
        assert!(drawn.contains("<svg") && !drawn.contains("<script"), "{drawn}");
        assert_eq!(svg(&"a".repeat(3000)), Err(Unprinted::AddressTooLong));
    }
}
