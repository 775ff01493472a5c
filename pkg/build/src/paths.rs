//! Where things are.

use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).expect("the build tool lives in pkg/build").to_path_buf()
}

/// Both kept out of a user's own `target-dir` setting: the build tool looks for its results here.
pub fn target(name: &str) -> PathBuf {
    root().join("target").join(name)
}

pub fn dist() -> PathBuf {
    root().join("pkg/dist")
}

/// A program by its name, as the shell would find it.
pub fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}
