//go:build healthy

package main

import "syscall/js"

// fetch copies the picture in one crossing.
func fetch(pixels js.Value) {
	js.CopyBytesToGo(now[:], pixels)
}

// store copies it back in another.
func store(pixels js.Value) {
	js.CopyBytesToJS(pixels, shown[:])
}
