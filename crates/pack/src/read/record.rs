//! The four forms of the pack language: records, closed word lists, steps told apart by a key, and
//! words that may carry a value.

/// Defines a record: a map with these keys and no others.
///
/// A field's YAML key is its name as written; its doc is what an editor shows. A field may be left
/// out when its type says so (`Option`, `Vec`, `Named`). The record also gets `at`, its place.
macro_rules! record {
    (
        $(#[doc = $doc:literal])*
        $vis:vis struct $name:ident {
            $($(#[doc = $field_doc:literal])* $field:ident: $type:ty,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        $vis struct $name {
            $($(#[doc = $field_doc])* $vis $field: $type,)*
            /// Where it is written.
            $vis at: $crate::node::Span,
        }

        impl $crate::read::Read for $name {
            fn shape(shapes: &mut $crate::schema::Shapes) -> $crate::schema::Shape {
                shapes.define(stringify!($name), concat!($($doc, "\n"),*), |shapes| {
                    $crate::schema::Shape::Record(vec![$(
                        $crate::schema::Field::of::<$type>(
                            $crate::read::key(stringify!($field)),
                            concat!($($field_doc, "\n"),*),
                            shapes,
                        ),
                    )*])
                })
            }

            fn read(
                node: &$crate::node::Node,
                faults: &mut $crate::fault::Faults,
            ) -> Option<Self> {
                let keys = [$($crate::read::key(stringify!($field))),*];
                let fields = $crate::read::Fields::open(node, &keys, faults)?;
                $(let $field = fields.read::<$type>(
                    $crate::read::key(stringify!($field)),
                    faults,
                );)*
                Some(Self { $($field: $field?,)* at: node.at })
            }
        }
    };
}

/// Defines a closed list of words.
macro_rules! choice {
    (
        $(#[doc = $doc:literal])*
        $vis:vis enum $name:ident {
            $($(#[doc = $word_doc:literal])* $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        $vis enum $name {
            $($(#[doc = $word_doc])* $variant,)*
        }

        impl $name {
            /// Every word, in the order of the definition.
            $vis const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word as a pack writes it.
            $vis const fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)*
                }
            }
        }

        impl $crate::read::Read for $name {
            fn shape(shapes: &mut $crate::schema::Shapes) -> $crate::schema::Shape {
                shapes.define(stringify!($name), concat!($($doc, "\n"),*), |_| {
                    $crate::schema::Shape::Words(vec![$(
                        $crate::schema::Word::new($word, concat!($($word_doc, "\n"),*)),
                    )*])
                })
            }

            fn read(
                node: &$crate::node::Node,
                faults: &mut $crate::fault::Faults,
            ) -> Option<Self> {
                $crate::read::words(node, &[$(($word, Self::$variant)),*], faults)
            }
        }
    };
}

/// Defines a map that is one of several records, told apart by a key that only one of them has.
macro_rules! variant {
    (
        $(#[doc = $doc:literal])*
        $vis:vis enum $name:ident {
            $($(#[doc = $case_doc:literal])* $variant:ident($type:ty) if $key:literal,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        $vis enum $name {
            $($(#[doc = $case_doc])* $variant($type),)*
        }

        impl $crate::read::Read for $name {
            fn shape(shapes: &mut $crate::schema::Shapes) -> $crate::schema::Shape {
                shapes.define(stringify!($name), concat!($($doc, "\n"),*), |shapes| {
                    $crate::schema::Shape::Either(vec![$(
                        <$type as $crate::read::Read>::shape(shapes),
                    )*])
                })
            }

            fn read(
                node: &$crate::node::Node,
                faults: &mut $crate::fault::Faults,
            ) -> Option<Self> {
                match $crate::read::one_of(node, &[$($key),*], faults)? {
                    $($key => <$type as $crate::read::Read>::read(node, faults)
                        .map(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}

/// Defines words of which some carry a value: written as `text`, or as `{code: diagnosis}`.
macro_rules! tagged {
    (
        $(#[doc = $doc:literal])*
        $vis:vis enum $name:ident {
            $($(#[doc = $word_doc:literal])* $word_variant:ident = $word:literal,)*
            ---
            $($(#[doc = $entry_doc:literal])* $variant:ident($type:ty) = $key:literal,)*
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        $vis enum $name {
            $($(#[doc = $word_doc])* $word_variant,)*
            $($(#[doc = $entry_doc])* $variant($type),)*
        }

        impl $crate::read::Read for $name {
            fn shape(shapes: &mut $crate::schema::Shapes) -> $crate::schema::Shape {
                shapes.define(stringify!($name), concat!($($doc, "\n"),*), |shapes| {
                    $crate::schema::Shape::Either(vec![
                        $crate::schema::Shape::Words(vec![$(
                            $crate::schema::Word::new($word, concat!($($word_doc, "\n"),*)),
                        )*]),
                        $($crate::schema::Shape::Record(vec![
                            $crate::schema::Field::of::<$type>(
                                $key,
                                concat!($($entry_doc, "\n"),*),
                                shapes,
                            ),
                        ]),)*
                    ])
                })
            }

            fn read(
                node: &$crate::node::Node,
                faults: &mut $crate::fault::Faults,
            ) -> Option<Self> {
                let (written, value) =
                    $crate::read::word_or_entry(node, &[$($word),*], &[$($key),*], faults)?;
                match written {
                    $($word => Some(Self::$word_variant),)*
                    $($key => <$type as $crate::read::Read>::read(value, faults)
                        .map(Self::$variant),)*
                    _ => None,
                }
            }
        }
    };
}
