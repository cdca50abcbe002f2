//go:build !healthy

package main

import "time"

// take looks again every millisecond: 200 goroutines keep 200 timers, and Go wakes for each of them.
func take(channel <-chan parcel) parcel {
	for {
		looks++
		select {
		case parcel := <-channel:
			return parcel
		default:
			time.Sleep(time.Millisecond)
		}
	}
}
