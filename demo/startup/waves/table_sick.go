//go:build !healthy

package waves

// Sampled before main, needed or not.
var wave = build(func(int) {})

func table() []float64 {
	return wave
}
