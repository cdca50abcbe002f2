// Package waves holds one period of a wave, finely sampled.
package waves

import "math"

const samples = 1 << 21

// At gives the wave's value for step i.
func At(i int) float64 {
	return table()[i*samples/64%samples]
}

func build(pause func(i int)) []float64 {
	wave := make([]float64, samples)
	for i := range wave {
		angle := 2 * math.Pi * float64(i) / samples
		wave[i] = math.Sin(angle) + math.Sin(3*angle)/3
		pause(i)
	}
	return wave
}
