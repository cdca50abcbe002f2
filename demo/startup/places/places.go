// Package places finds the place of a key in a large index.
package places

import "strconv"

const count = 150_000

var names = []string{"Lisbon", "Nairobi", "Osaka", "Quito", "Tromsø", "Wellington"}

// Near names the place for a key.
func Near(key int) string {
	return index()[strconv.Itoa(key%count)]
}

func build(pause func(i int)) map[string]string {
	places := make(map[string]string)
	for i := 0; i < count; i++ {
		places[strconv.Itoa(i)] = names[i%len(names)]
		pause(i)
	}
	return places
}
