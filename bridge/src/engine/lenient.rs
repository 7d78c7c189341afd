//! Readers that take what they can: a null, a missing field or a value of another type costs that one value,
//! never the answer that holds it. Nothing is buffered.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

use super::rfc3339;

/// A whole number that is not negative; `None` for anything else.
pub fn count<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    Ok(integer(deserializer)?.and_then(|number| {
        u64::try_from(number)
            .ok()
            .or((number > 0).then_some(u64::MAX))
    }))
}

/// A whole number of either sign; `None` for anything else.
pub fn signed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(integer(deserializer)?.map(|number| {
        i64::try_from(number).unwrap_or(if number > 0 { i64::MAX } else { i64::MIN })
    }))
}

fn integer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i128>, D::Error> {
    Ok(deserializer.deserialize_any(ScalarVisitor)?.integer())
}

/// `false` for anything that is not `true`.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(matches!(
        deserializer.deserialize_any(ScalarVisitor)?,
        Scalar::Bool(true)
    ))
}

/// The part of an object that `T` names; its default for anything that is not an object.
pub fn object<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Object::<T>::deserialize(deserializer)?
        .0
        .unwrap_or_default())
}

/// As [`object`], with the difference told.
pub fn optional_object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Object::<T>::deserialize(deserializer)?.0)
}

/// The objects of a list; `None` for anything that is not a list.
pub fn optional_list<'de, D, T>(deserializer: D) -> Result<Option<Vec<T>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(ListVisitor(PhantomData))
}

/// Feeds each value of an object to `each`; `false` for anything that is not an object.
pub fn each_value<'de, D, T>(deserializer: D, each: &mut dyn FnMut(T)) -> Result<bool, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(EachVisitor(each))
}

/// How many elements a list has; `None` for anything that is not a list.
pub fn length<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    deserializer.deserialize_any(LengthVisitor)
}

/// What `read` makes of a text; `None` for anything that is not a text.
pub fn text<'de, D, T>(deserializer: D, read: fn(&str) -> T) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(TextVisitor(read))
}

/// As `docker`'s times are written; `None` for "never" and for what is not a time.
pub fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(text(deserializer, rfc3339::nanos)?.flatten())
}

enum Scalar {
    Nothing,
    Bool(bool),
    Integer(i128),
}

impl Scalar {
    fn integer(self) -> Option<i128> {
        match self {
            Self::Integer(number) => Some(number),
            _ => None,
        }
    }
}

/// Everything that a visitor may meet, each answered with "nothing" unless named.
macro_rules! nothing_for_the_rest {
    ($nothing:expr; $($kind:ident)*) => {
        $(nothing_for_the_rest!(@ $kind $nothing);)*
        fn visit_none<E>(self) -> Result<Self::Value, E> { Ok($nothing) }
        fn visit_unit<E>(self) -> Result<Self::Value, E> { Ok($nothing) }
        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_any(self)
        }
    };
    (@ number $nothing:expr) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> { Ok($nothing) }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> { Ok($nothing) }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> { Ok($nothing) }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> { Ok($nothing) }
    };
    (@ text $nothing:expr) => {
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> { Ok($nothing) }
    };
    (@ list $nothing:expr) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok($nothing)
        }
    };
    (@ object $nothing:expr) => {
        fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
            while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok($nothing)
        }
    };
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Scalar, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Scalar, E> {
        Ok(Scalar::Integer(number.into()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Scalar, E> {
        Ok(Scalar::Integer(number.into()))
    }

    /// Numbers beyond 64 bits, and numbers written with a point, arrive so.
    fn visit_f64<E>(self, number: f64) -> Result<Scalar, E> {
        Ok(if number.is_finite() {
            Scalar::Integer(number as i128)
        } else {
            Scalar::Nothing
        })
    }

    /// Some write a number as a text, since a number of JavaScript has no more than 53 bits.
    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(text.parse().map_or(Scalar::Nothing, Scalar::Integer))
    }

    nothing_for_the_rest!(Scalar::Nothing; list object);
}

struct TextVisitor<T>(fn(&str) -> T);

impl<'de, T> Visitor<'de> for TextVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<T>, E> {
        Ok(Some((self.0)(text)))
    }

    nothing_for_the_rest!(None; number list object);
}

/// `None` for anything that is not an object.
struct Object<T>(Option<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Object<T>, A::Error> {
                T::deserialize(MapAccessDeserializer::new(object)).map(|value| Object(Some(value)))
            }

            nothing_for_the_rest!(Object(None); number text list);
        }

        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Option<Vec<T>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut objects = Vec::new();
        while let Some(element) = list.next_element::<Object<T>>()? {
            objects.extend(element.0);
        }
        Ok(Some(objects))
    }

    nothing_for_the_rest!(None; number text object);
}

struct EachVisitor<'f, T>(&'f mut dyn FnMut(T));

impl<'de, T: Deserialize<'de>> Visitor<'de> for EachVisitor<'_, T> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<bool, A::Error> {
        while object.next_key::<IgnoredAny>()?.is_some() {
            if let Object(Some(value)) = object.next_value::<Object<T>>()? {
                (self.0)(value);
            }
        }
        Ok(true)
    }

    nothing_for_the_rest!(false; number text list);
}

struct LengthVisitor;

impl<'de> Visitor<'de> for LengthVisitor {
    type Value = Option<u64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Option<u64>, A::Error> {
        let mut length = 0;
        while list.next_element::<IgnoredAny>()?.is_some() {
            length += 1;
        }
        Ok(Some(length))
    }

    nothing_for_the_rest!(None; number text object);
}
