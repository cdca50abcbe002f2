//go:build healthy

package main

func newWords() map[string]int {
	return make(map[string]int)
}
