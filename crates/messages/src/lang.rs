//! The languages that messages are in.

/// One line for each language; every folder of messages holds a file of that name.
macro_rules! languages {
    ($($(#[$doc:meta])* $name:ident $tag:literal $english:literal)*) => {
        /// Language of messages.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "clap", derive(clap::ValueEnum))]
        #[serde(rename_all = "lowercase")]
        pub enum Lang {
            $($(#[$doc])* $name,)*
        }

        impl Lang {
            /// All languages.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();
            /// Their tags, in the same order.
            pub const TAGS: &'static [&'static str] = &[$($tag),*];

            /// Tag of the language (BCP 47): `sv`.
            pub const fn tag(self) -> &'static str {
                match self {
                    $(Self::$name => $tag,)*
                }
            }

            /// Its name in English, as descriptions of interfaces have it.
            pub const fn english(self) -> &'static str {
                match self {
                    $(Self::$name => $english,)*
                }
            }

            /// The language with this tag.
            pub fn of_tag(tag: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|lang| lang.tag() == tag)
            }
        }
    };
}

// Each with its name in itself: so it stands in the help of the command line.
languages! {
    /// Svenska
    #[default]
    Sv "sv" "Swedish"
    /// English
    En "en" "English"
}
