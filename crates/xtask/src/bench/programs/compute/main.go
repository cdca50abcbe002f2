// Pure computing: hashing, sorting, maps, floating point and garbage, with one crossing in and out a round.
package main

import (
	"crypto/sha256"
	"encoding/binary"
	"math"
	"sort"
	"syscall/js"
)

type point struct{ x, y, z float64 }

func hashes(seed uint64, n int) uint64 {
	var block [1024]byte
	for i := 0; i < n; i++ {
		binary.LittleEndian.PutUint64(block[:], seed)
		sum := sha256.Sum256(block[:])
		seed = binary.LittleEndian.Uint64(sum[:])
	}
	return seed
}

func sorted(seed uint64, n int) int {
	numbers := make([]int, n)
	for i := range numbers {
		seed = seed*6364136223846793005 + 1442695040888963407
		numbers[i] = int(seed >> 40)
	}
	sort.Ints(numbers)
	return numbers[n/2]
}

func counted(seed uint64, n int) int {
	counts := map[uint64]int{}
	for i := 0; i < n; i++ {
		seed = seed*6364136223846793005 + 1442695040888963407
		counts[seed>>54]++
	}
	return len(counts)
}

func orbit(steps int) float64 {
	p, v := point{1, 0, 0.2}, point{0, 1, 0}
	for i := 0; i < steps; i++ {
		r := math.Sqrt(p.x*p.x + p.y*p.y + p.z*p.z)
		k := 0.001 / (r * r * r)
		v = point{v.x - k*p.x, v.y - k*p.y, v.z - k*p.z}
		p = point{p.x + 0.001*v.x, p.y + 0.001*v.y, p.z + 0.001*v.z}
	}
	return p.x
}

func main() {
	seed := uint64(1)
	js.Global().Set("work", js.FuncOf(func(_ js.Value, args []js.Value) any {
		n := args[0].Int()
		seed = hashes(seed, n)
		return float64(sorted(seed, 20*n)+counted(seed, 40*n)) + orbit(400*n)
	}))
	select {}
}
