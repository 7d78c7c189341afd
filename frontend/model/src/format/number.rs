/// Go's `%.{precision}g`: so many significant digits, no trailing zeros, and an exponent as soon as
/// the number has more digits before its point than that.
pub fn general(value: f64, precision: usize) -> String {
    if value.is_nan() {
        return "NaN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let precision = precision.max(1);
    // `d.ddde-7`: rounded to the wanted digits, ties to even, as Go does
    let scientific = format!("{value:.*e}", precision - 1);
    let Some((mantissa, exponent)) = scientific.split_once('e') else {
        return scientific;
    };
    let Ok(exponent) = exponent.parse::<i32>() else {
        return scientific;
    };
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", mantissa),
    };
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = match digits.trim_end_matches('0') {
        "" => "0",
        significant => significant,
    };
    if exponent < -4 || usize::try_from(exponent).is_ok_and(|exponent| exponent >= precision) {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        return format!(
            "{sign}{first}{point}{rest}e{exponent_sign}{:02}",
            exponent.unsigned_abs()
        );
    }
    match usize::try_from(exponent) {
        Ok(exponent) if digits.len() > exponent + 1 => {
            let (whole, fraction) = digits.split_at(exponent + 1);
            format!("{sign}{whole}.{fraction}")
        }
        Ok(exponent) => format!("{sign}{digits:0<width$}", width = exponent + 1),
        Err(_) => {
            let zeros = usize::try_from(-exponent - 1).unwrap_or(0);
            format!("{sign}0.{}{digits}", "0".repeat(zeros))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::general;

    #[test]
    fn as_go_prints_it() {
        for (value, precision, expected) in [
            (0.0, 4, "0"),
            (-0.0, 4, "-0"),
            (1.0, 4, "1"),
            (10.0, 4, "10"),
            (100.0, 3, "100"),
            (1000.0, 4, "1000"),
            (1000.0, 3, "1e+03"),
            (999.6, 3, "1e+03"),
            (999.4, 3, "999"),
            (999.96, 4, "1000"),
            (9999.6, 4, "1e+04"),
            (1.5, 4, "1.5"),
            (1.500_04, 4, "1.5"),
            (1.2345, 4, "1.234"),
            (5.629_1, 4, "5.629"),
            (0.001_234_56, 4, "0.001235"),
            (0.000_123_456, 4, "0.0001235"),
            (0.000_012_345_6, 4, "1.235e-05"),
            (-28_870_000.0, 4, "-2.887e+07"),
            (-1.0, 4, "-1"),
            // the tie is decided by the exact value: 0.125 is one, 2.675 is below one
            (0.125, 2, "0.12"),
            (0.375, 2, "0.38"),
            (2.675, 3, "2.67"),
            (123_456_789.0, 4, "1.235e+08"),
            (1e300, 4, "1e+300"),
            (f64::MIN_POSITIVE, 4, "2.225e-308"),
            (f64::NAN, 4, "NaN"),
            (f64::INFINITY, 4, "+Inf"),
            (f64::NEG_INFINITY, 4, "-Inf"),
        ] {
            assert_eq!(
                general(value, precision),
                expected,
                "{value} %.{precision}g"
            );
        }
    }
}
