//go:build !healthy

package main

import "syscall/js"

// fetch reads the picture byte by byte: each is a crossing.
func fetch(pixels js.Value) {
	for i := range now {
		now[i] = byte(pixels.Index(i).Int())
	}
}

// store writes it the same way.
func store(pixels js.Value) {
	for i, value := range shown {
		pixels.SetIndex(i, int(value))
	}
}
