package main

import "math"

var noise uint32 = 1

// record makes one record: a wave that moves with the step, and noise.
func record(step int) []int8 {
	differences := make([]int8, samples)
	for i := range differences {
		noise = noise*1664525 + 1013904223
		wave := math.Cos(float64(i)/2500 + float64(step)/10)
		differences[i] = int8(20*wave) + int8(noise>>24)/3
	}
	return differences
}
