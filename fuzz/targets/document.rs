#![no_main]
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| docextract_extraction::fuzzing::document(bytes));
