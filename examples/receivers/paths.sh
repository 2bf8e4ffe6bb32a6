# shellcheck shell=bash disable=SC2034
# Sourced by setup.sh and run.sh from this folder: where built things go. A relative CARGO_TARGET_DIR
# is taken from the repository's root.
# shellcheck shell=bash disable=SC2034 # `out` is for whoever sources this
repository=$(cd ../.. && pwd)
target=${CARGO_TARGET_DIR:-target}
case $target in
  /*) ;;
  *) target=$repository/$target ;;
esac
out=$target/receivers
