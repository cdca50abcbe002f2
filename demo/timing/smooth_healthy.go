//go:build healthy

package main

import "demo/timing/usertiming"

// smooth keeps the window's sum, and adds one sample to it and takes one away.
func smooth(signal []int32) []int32 {
	defer usertiming.Measure("smooth")()
	smoothed := make([]int32, len(signal)-window)
	sum := int32(0)
	for i, level := range signal {
		sum += level
		if i >= window {
			smoothed[i-window] = sum / window
			sum -= signal[i-window]
		}
	}
	return smoothed
}
