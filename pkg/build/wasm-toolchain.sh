#!/usr/bin/env bash
# Builds Rust's std for wasm32-unknown-unknown from the distribution's compiler and sources, for machines on which
# rustup may not download it. Makes a folder that works as a toolchain and prints its path as the last line.
# Where rustup is there, `cargo +ets-session-wasm` leads to it too. Costs half a minute once, nothing after that.
set -euo pipefail

target=wasm32-unknown-unknown
name=ets-session-wasm
dir=${XDG_DATA_HOME:-$HOME/.local/share}/ets-session/wasm-toolchain
rustc=/usr/bin/rustc
cargo=/usr/bin/cargo
host=$($rustc -vV | sed -n 's/^host: //p')
# The script itself counts: another recipe is another toolchain.
stamp="$($rustc -vV | tr '\n' ' ')$(cksum <"${BASH_SOURCE[0]}")"

say() { printf '%s\n' "$*" >&2; }

mkdir -p "$(dirname "$dir")"
exec 9>"$dir.lock"
flock 9

linker() {
  local candidate
  for candidate in $({ rustup which rustc || true; } 2>/dev/null | sed "s#/bin/rustc\$#/lib/rustlib/$host/bin/rust-lld#") \
    /usr/lib/llvm-*/bin/lld /usr/bin/lld; do
    [ ! -x "$candidate" ] || { echo "$candidate"; return; }
  done
  say "no linker for wasm: run \`apt-get install lld\`"
  return 1
}

build() {
  local work lld program
  lld=$(linker)
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder's name as it is now
  trap "rm -rf '$work'" EXIT
  mkdir "$work/src"
  : >"$work/src/lib.rs"
  # Both machine code and bitcode in every library, so that users may link with or without LTO.
  cat >"$work/Cargo.toml" <<'TOML'
[package]
name = "std-for-wasm"
version = "0.0.0"
edition = "2021"
[profile.release]
codegen-units = 1
lto = false
panic = "abort"
[workspace]
TOML
  say "building std for $target with $($rustc -V)"
  (
    cd "$work"
    unset RUSTUP_TOOLCHAIN RUSTC_WRAPPER RUSTC_WORKSPACE_WRAPPER CARGO CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET
    unset LD_LIBRARY_PATH
    RUSTC_BOOTSTRAP=1 RUSTC=$rustc RUSTFLAGS=-Cembed-bitcode=yes CARGO_TARGET_DIR="$work/target" CARGO_INCREMENTAL=0 \
      $cargo build --quiet --release --target $target -Zbuild-std=std,panic_abort,panic_unwind,proc_macro,test >&2
  )

  local new=$dir.new
  rm -rf "$new"
  mkdir -p "$new/bin" "$new/lib/rustlib/$target/lib" "$new/lib/rustlib/$host/bin"
  cp "$work/target/$target/release/deps/"*.rlib "$new/lib/rustlib/$target/lib/"
  rm -f "$new/lib/rustlib/$target/lib/"libstd_for_wasm*
  ln -s "/usr/lib/rustlib/$host/lib" "$new/lib/rustlib/$host/lib"
  ln -s /usr/lib/rustlib/src "$new/lib/rustlib/src"
  ln -s "$lld" "$new/lib/rustlib/$host/bin/rust-lld"
  for program in rustc rustdoc clippy-driver; do
    # --sysroot comes last because cargo-clippy runs `clippy-driver rustc …`.
    printf '#!/bin/sh\nexec /usr/bin/%s "$@" --sysroot "%s"\n' "$program" "$dir" >"$new/bin/$program"
    chmod +x "$new/bin/$program"
  done
  for program in cargo rustfmt cargo-fmt; do ln -s "/usr/bin/$program" "$new/bin/$program"; done
  # A copy, for it runs the clippy-driver that lies beside its own resolved path.
  cp /usr/bin/cargo-clippy "$new/bin/"
  printf '%s' "$stamp" >"$new/stamp"
  rm -rf "$dir"
  mv "$new" "$dir"
}

# The linker is looked at too: it goes when the rustup toolchain that it came with is removed.
[ "$(cat "$dir/stamp" 2>/dev/null)" = "$stamp" ] && [ -x "$dir/lib/rustlib/$host/bin/rust-lld" ] || build
if command -v rustup >/dev/null; then rustup toolchain link "$name" "$dir" >&2; fi
echo "$dir"
