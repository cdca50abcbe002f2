//! Numbers as a person reads them: 3 significant digits and a unit, an en dash for what is unknown.
//!
//! Units are decimal: 1 KB is 1,000 bytes, 1 M is 1,000,000. Counts that are exact are written out. The space between
//! a figure and its unit does not break.

use crate::Estimate;

/// What stands for an unknown figure.
pub const UNKNOWN: &str = "–";

/// Between a figure and its unit.
pub(crate) const NO_BREAK: char = '\u{a0}';

/// Three significant digits, at most two after the point beside an integer part: `812`, `41.3`, `1.24`, `0.0312`.
pub fn digits(x: f64) -> String {
    // No honest figure is as large.
    if !x.is_finite() || x.abs() > 1e15 {
        return UNKNOWN.into();
    }
    if x == 0.0 {
        return "0".into();
    }
    // What rounds up to the next power of ten has one decimal less: 9.996 is 10.0.
    let exponent = |x: f64| x.abs().log10().floor() as i32;
    let decimals = |exponent: i32| (2 - exponent).clamp(0, 9);
    let scale = 10f64.powi(decimals(exponent(x)));
    let rounded = (x * scale).round() / scale;
    let places = if rounded == 0.0 { 0 } else { decimals(exponent(rounded)) };
    fixed(x, places as u32)
}

/// With so many decimals. By integers: formatting floats would bring another 15 KB into the page.
fn fixed(x: f64, places: u32) -> String {
    let unit = 10u64.pow(places);
    let units = (x.abs() * unit as f64).round() as u64;
    let (whole, rest) = (units / unit, units % unit);
    let sign = if x < 0.0 && units > 0 { "-" } else { "" };
    let whole = thousands(whole);
    if places == 0 {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{rest:0width$}", width = places as usize)
    }
}

fn thousands(n: u64) -> String {
    let plain = n.to_string();
    let mut out = String::new();
    for (at, digit) in plain.chars().enumerate() {
        if at > 0 && (plain.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A value in the largest unit that leaves at least 1.
fn scaled(x: f64, units: &[(f64, &str)]) -> String {
    // Compared after rounding, so that 999.9 ms reads 1.00 s.
    let fits = |&&(size, _): &&(f64, &str)| x.abs() / size >= 0.9995;
    match units.iter().find(fits).or(units.last()) {
        // What cannot be divided has no decimals.
        Some((_, unit @ ("" | "B"))) if x.fract() == 0.0 => join(&fixed(x, 0), unit),
        Some((size, unit)) if x.is_finite() => join(&digits(x / size), unit),
        _ => UNKNOWN.into(),
    }
}

fn join(figure: &str, unit: &str) -> String {
    if unit.is_empty() { figure.into() } else { format!("{figure}{NO_BREAK}{unit}") }
}

/// A duration in ms: `1.31 s`, `812 ms`, `3.20 µs`, `85.0 ns`.
pub fn ms(ms: f64) -> String {
    if ms == 0.0 {
        return join("0", "ms");
    }
    scaled(ms, &[(1e3, "s"), (1.0, "ms"), (1e-3, "µs"), (1e-6, "ns")])
}

/// An exact count: `412,318`.
pub fn count(n: u64) -> String {
    thousands(n)
}

/// A rounded count: `412 K`, `1.24 M`.
pub fn short(n: f64) -> String {
    scaled(n, &[(1e9, "G"), (1e6, "M"), (1e3, "K"), (1.0, "")])
}

/// Events per second: `1.24 M/s`.
pub fn rate(per_s: f64) -> String {
    with_suffix(short(per_s), "/s")
}

/// Bytes: `14.2 MB`, `512 B`.
pub fn bytes(bytes: f64) -> String {
    if bytes == 0.0 {
        return join("0", "B");
    }
    scaled(bytes, &[(1e9, "GB"), (1e6, "MB"), (1e3, "KB"), (1.0, "B")])
}

/// Bytes per second: `18.0 MB/s`.
pub fn bytes_rate(per_s: f64) -> String {
    with_suffix(bytes(per_s), "/s")
}

fn with_suffix(figure: String, suffix: &str) -> String {
    if figure == UNKNOWN { figure } else { figure + suffix }
}

/// A share, 1 being all: `31 %`, `0.8 %`, `<0.1 %`.
pub fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent {
        _ if !percent.is_finite() || percent.abs() > 1e15 => UNKNOWN.into(),
        0.0 => join("0", "%"),
        p if p.abs() < 0.1 => join("<0.1", "%"),
        p if p.abs() < 9.95 => join(&fixed(p, 1), "%"),
        p => join(&fixed(p, 0), "%"),
    }
}

/// A number as it is given in an error: what is not finite by name.
pub(crate) fn plain(x: f64) -> String {
    match x {
        _ if x.is_nan() => "NaN".into(),
        f64::INFINITY => "infinity".into(),
        f64::NEG_INFINITY => "-infinity".into(),
        _ => digits(x),
    }
}

/// A figure that may be unknown.
pub fn or_unknown<T>(figure: Option<T>, write: impl Fn(T) -> String) -> String {
    figure.map_or_else(|| UNKNOWN.into(), write)
}

/// An estimate with its error: `1.31 s ±3 %`; as a bound where the error is larger than the value: `≤ 4.10 ms`;
/// without `±` where it is exact.
pub fn estimate(x: Estimate, write: impl Fn(f64) -> String) -> String {
    if !x.value.is_finite() {
        return UNKNOWN.into();
    }
    match x.error {
        0.0 => write(x.value),
        error if !error.is_finite() => format!("~{NO_BREAK}{}", write(x.value)),
        error if error >= x.value => format!("≤{NO_BREAK}{}", write(x.value + error)),
        error => format!("{} ±{}", write(x.value), percent(error / x.value)),
    }
}

/// An estimated share whose error stands beside it, at its time: only a bound is marked, `≤ 3.4 %`.
pub fn share(x: Estimate) -> String {
    let most = percent(x.value + x.error);
    match x.error >= x.value && x.error > 0.0 {
        true if most.starts_with('<') => most,
        true => format!("≤{NO_BREAK}{most}"),
        false => percent(x.value),
    }
}

/// An estimated count: written out where it is exact, else rounded and with its error.
pub fn calls(x: Estimate) -> String {
    if x.error == 0.0 && x.value >= 0.0 { count(x.value.round() as u64) } else { estimate(x, short) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_a_unit() {
        assert_eq!(ms(812.4), "812\u{a0}ms");
        assert_eq!(ms(999.9), "1.00\u{a0}s");
        assert_eq!(ms(0.9999), "1.00\u{a0}ms");
        assert_eq!(ms(1310.0), "1.31\u{a0}s");
        assert_eq!(ms(0.0032), "3.20\u{a0}µs");
        assert_eq!(ms(0.000085), "85.0\u{a0}ns");
        assert_eq!(ms(0.0), "0\u{a0}ms");
        assert_eq!(ms(-0.02), "-20.0\u{a0}µs");
        assert_eq!(ms(4_000_000.0), "4,000\u{a0}s");
        assert_eq!(ms(f64::NAN), "–");
        assert_eq!(digits(9.996), "10.0");
        assert_eq!(digits(99.96), "100");
    }

    #[test]
    fn counts_rates_bytes_shares() {
        assert_eq!(count(412_318), "412,318");
        assert_eq!(count(18), "18");
        assert_eq!(short(18.0), "18");
        assert_eq!(short(0.25), "0.250");
        assert_eq!(bytes(70.0), "70\u{a0}B");
        assert_eq!(rate(1_240_000.0), "1.24\u{a0}M/s");
        assert_eq!(bytes(14_200_000.0), "14.2\u{a0}MB");
        assert_eq!(bytes_rate(f64::NAN), "–");
        assert_eq!(percent(0.314), "31\u{a0}%");
        assert_eq!(percent(0.0083), "0.8\u{a0}%");
        assert_eq!(percent(0.0995), "10\u{a0}%");
        assert_eq!(percent(0.00001), "<0.1\u{a0}%");
        assert_eq!(percent(0.0), "0\u{a0}%");
    }

    #[test]
    fn estimates_carry_their_error() {
        let time = |value, error| estimate(Estimate { value, error }, ms);
        assert_eq!(time(1310.0, 39.3), "1.31\u{a0}s ±3.0\u{a0}%");
        assert_eq!(time(1.0, 3.1), "≤\u{a0}4.10\u{a0}ms");
        assert_eq!(time(5.0, 0.0), "5.00\u{a0}ms");
        assert_eq!(time(-0.5, 1.5), "≤\u{a0}1.00\u{a0}ms");
        let part = |value, error| share(Estimate { value, error });
        assert_eq!((part(0.314, 0.02).as_str(), part(0.0, 0.0).as_str()), ("31\u{a0}%", "0\u{a0}%"));
        assert_eq!(
            (part(0.0, 0.034).as_str(), part(0.0, 1e-4).as_str()),
            ("≤\u{a0}3.4\u{a0}%", "<0.1\u{a0}%")
        );
        assert_eq!(calls(Estimate { value: 412_318.0, error: 0.0 }), "412,318");
        assert_eq!(calls(Estimate { value: 412_318.0, error: 4_123.0 }), "412\u{a0}K ±1.0\u{a0}%");
    }
}
