//go:build healthy

package main

// sum adds the parts up as they come, and keeps none.
type sum struct {
	soFar int
}

func newSum() *sum {
	return &sum{}
}

func (s *sum) add(part []byte) {
	for _, b := range part {
		s.soFar += int(b)
	}
}

func (s *sum) total() int {
	return s.soFar
}
