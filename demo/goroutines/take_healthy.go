//go:build healthy

package main

// take waits; a goroutine at a channel costs nothing until something comes.
func take(channel <-chan parcel) parcel {
	looks++
	return <-channel
}
