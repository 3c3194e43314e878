//! Enums whose variants have names that others see.

/// Defines terms: the same names in JSON, in text and in an API's description.
macro_rules! terms {
    ($($(#[$about:meta])* pub enum $term:ident { $($(#[$detail:meta])* $variant:ident = $name:tt,)* })*) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema))]
        pub enum $term {
            $($(#[$detail])* #[serde(rename = $name)] $variant,)*
        }

        impl $term {
            /// All of them, in order.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$variant),*];

            /// Its name.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }

        impl std::fmt::Display for $term {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    )*};
}
pub(crate) use terms;
