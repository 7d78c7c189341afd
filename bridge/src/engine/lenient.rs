//! Readers that take what they can: a value of another type costs that one value, never the answer that holds it, and
//! is told apart from one that is left out. Nothing is buffered.

use std::{fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer},
};

use super::rfc3339;

/// What a field says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Told<T> {
    /// It is left out, or null: the docker command reads a zero there, and the daemon means one.
    #[default]
    Nothing,
    /// It is there, but of another type, or a number that cannot be: what it means is not known, and is no zero.
    Unreadable,
    This(T),
}

impl<T> Told<T> {
    pub fn this(self) -> Option<T> {
        match self {
            Self::This(value) => Some(value),
            Self::Nothing | Self::Unreadable => None,
        }
    }

    fn of_scalar(scalar: Scalar, read: impl FnOnce(Scalar) -> Option<T>) -> Self {
        match scalar {
            Scalar::Null => Self::Nothing,
            other => read(other).map_or(Self::Unreadable, Self::This),
        }
    }
}

impl<T: Default> Told<T> {
    /// As the docker command reads it; `None` where it cannot.
    pub fn or_zero(self) -> Option<T> {
        match self {
            Self::Nothing => Some(T::default()),
            told => told.this(),
        }
    }
}

/// A whole number that is not negative.
impl<'de> Deserialize<'de> for Told<u64> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scalar = deserializer.deserialize_any(ScalarVisitor)?;
        Ok(Self::of_scalar(scalar, |scalar| {
            scalar.integer()?.try_into().ok()
        }))
    }
}

/// A whole number of either sign.
impl<'de> Deserialize<'de> for Told<i64> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scalar = deserializer.deserialize_any(ScalarVisitor)?;
        Ok(Self::of_scalar(scalar, |scalar| {
            scalar.integer()?.try_into().ok()
        }))
    }
}

impl<'de> Deserialize<'de> for Told<bool> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scalar = deserializer.deserialize_any(ScalarVisitor)?;
        Ok(Self::of_scalar(scalar, |scalar| match scalar {
            Scalar::Bool(value) => Some(value),
            _ => None,
        }))
    }
}

/// The part of an object that `T` names.
pub fn object<'de, D, T>(deserializer: D) -> Result<Told<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Object::<T>::deserialize(deserializer)?.0)
}

/// The objects of a list, each in its place.
pub fn list<'de, D, T>(deserializer: D) -> Result<Told<Vec<Told<T>>>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(ListVisitor(PhantomData))
}

/// Feeds each value of an object to `each`.
pub fn each_value<'de, D, T>(
    deserializer: D,
    each: &mut dyn FnMut(Told<T>),
) -> Result<Told<()>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    deserializer.deserialize_any(EachVisitor(each))
}

/// How many elements a list has.
pub fn length<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Told<u64>, D::Error> {
    deserializer.deserialize_any(LengthVisitor)
}

/// What `read` makes of a text.
pub fn text<'de, D, T>(deserializer: D, read: fn(&str) -> T) -> Result<Told<T>, D::Error>
where
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(TextVisitor(read))
}

/// As `docker`'s times are written; `None` for "never" and for what is not a time.
pub fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(text(deserializer, rfc3339::nanos)?.this().flatten())
}

enum Scalar {
    Null,
    Bool(bool),
    Integer(i128),
    Other,
}

impl Scalar {
    fn integer(self) -> Option<i128> {
        match self {
            Self::Integer(number) => Some(number),
            _ => None,
        }
    }
}

/// Null and the kinds that are named, each answered with its word. Whatever JSON may hold a visitor must take.
macro_rules! the_rest {
    ($null:expr, $other:expr; $($kind:ident)*) => {
        $(the_rest!(@ $kind $other);)*
        fn visit_none<E>(self) -> Result<Self::Value, E> { Ok($null) }
        fn visit_unit<E>(self) -> Result<Self::Value, E> { Ok($null) }
        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
            deserializer.deserialize_any(self)
        }
    };
    (@ number $other:expr) => {
        fn visit_bool<E>(self, _: bool) -> Result<Self::Value, E> { Ok($other) }
        fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> { Ok($other) }
        fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> { Ok($other) }
        fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> { Ok($other) }
    };
    (@ text $other:expr) => {
        fn visit_str<E>(self, _: &str) -> Result<Self::Value, E> { Ok($other) }
    };
    (@ list $other:expr) => {
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
            while list.next_element::<IgnoredAny>()?.is_some() {}
            Ok($other)
        }
    };
    (@ object $other:expr) => {
        fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self::Value, A::Error> {
            while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
            Ok($other)
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
        Ok(if number.fract() == 0.0 {
            Scalar::Integer(number as i128)
        } else {
            Scalar::Other
        })
    }

    /// Some write a number as a text, since a number of JavaScript has no more than 53 bits.
    fn visit_str<E>(self, text: &str) -> Result<Scalar, E> {
        Ok(text.parse().map_or(Scalar::Other, Scalar::Integer))
    }

    the_rest!(Scalar::Null, Scalar::Other; list object);
}

struct TextVisitor<T>(fn(&str) -> T);

impl<'de, T> Visitor<'de> for TextVisitor<T> {
    type Value = Told<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<Told<T>, E> {
        Ok(Told::This((self.0)(text)))
    }

    the_rest!(Told::Nothing, Told::Unreadable; number list object);
}

struct Object<T>(Told<T>);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ObjectVisitor<T>(PhantomData<T>);

        impl<'de, T: Deserialize<'de>> Visitor<'de> for ObjectVisitor<T> {
            type Value = Object<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("anything")
            }

            fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Object<T>, A::Error> {
                let value = T::deserialize(MapAccessDeserializer::new(object))?;
                Ok(Object(Told::This(value)))
            }

            the_rest!(Object(Told::Nothing), Object(Told::Unreadable); number text list);
        }

        deserializer.deserialize_any(ObjectVisitor(PhantomData))
    }
}

struct ListVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Told<Vec<Told<T>>>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut objects = Vec::new();
        while let Some(element) = list.next_element::<Object<T>>()? {
            objects.push(element.0);
        }
        Ok(Told::This(objects))
    }

    the_rest!(Told::Nothing, Told::Unreadable; number text object);
}

struct EachVisitor<'f, T>(&'f mut dyn FnMut(Told<T>));

impl<'de, T: Deserialize<'de>> Visitor<'de> for EachVisitor<'_, T> {
    type Value = Told<()>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Told<()>, A::Error> {
        while object.next_key::<IgnoredAny>()?.is_some() {
            (self.0)(object.next_value::<Object<T>>()?.0);
        }
        Ok(Told::This(()))
    }

    the_rest!(Told::Nothing, Told::Unreadable; number text list);
}

struct LengthVisitor;

impl<'de> Visitor<'de> for LengthVisitor {
    type Value = Told<u64>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Told<u64>, A::Error> {
        let mut length = 0;
        while list.next_element::<IgnoredAny>()?.is_some() {
            length += 1;
        }
        Ok(Told::This(length))
    }

    the_rest!(Told::Nothing, Told::Unreadable; number text object);
}
