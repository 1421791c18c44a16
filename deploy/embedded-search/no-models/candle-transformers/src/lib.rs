//! Stand-in for `candle-transformers`: see `../README.md`.

/// Model families.
pub mod models {
    /// The one family that milli-core names.
    pub mod bert {
        use candle_core::{DType, Device, Result, Tensor};
        use candle_nn::VarBuilder;
        use serde::{Deserialize, Deserializer, de::Error as _};

        /// Element type of the weights.
        pub const DTYPE: DType = DType::F32;

        /// A type without values.
        #[derive(Debug)]
        enum Never {}

        /// Shape of a model: cannot exist.
        #[derive(Debug)]
        pub struct Config(Never);

        impl<'de> Deserialize<'de> for Config {
            fn deserialize<D: Deserializer<'de>>(_: D) -> std::result::Result<Self, D::Error> {
                Err(D::Error::custom("this build has no local models"))
            }
        }

        /// A loaded model: cannot exist.
        #[derive(Debug)]
        pub struct BertModel {
            /// Where it would run.
            pub device: Device,
            never: Never,
        }

        impl BertModel {
            /// Unreachable: there is no configuration to call it with.
            pub fn load(_weights: VarBuilder, config: &Config) -> Result<Self> {
                match config.0 {}
            }

            /// Unreachable.
            pub fn forward(&self, _: &Tensor, _: &Tensor, _: Option<&Tensor>) -> Result<Tensor> {
                match self.never {}
            }
        }
    }
}
