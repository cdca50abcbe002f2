//go:build !healthy

package main

// newWords forgets to make the map: reading it is fine, writing to it panics.
func newWords() (words map[string]int) {
	return words
}
