//go:build healthy

package main

import (
	"syscall/js"
	"unsafe"
)

// One buffer, seen as samples and as bytes; wasm and JavaScript's typed arrays are both little-endian.
var (
	samples [samplesPerRecord]int16
	raw     = unsafe.Slice((*byte)(unsafe.Pointer(&samples)), unsafe.Sizeof(samples))
)

// exchange copies the record's bytes in and out: no text, no garbage.
func exchange(record js.Value) {
	bytes := record.Get("bytes")
	js.CopyBytesToGo(raw, bytes)
	smooth(samples[:])
	js.CopyBytesToJS(bytes, raw)
}
