//go:build !healthy

package main

// sum gathers the parts, and adds them up in the end.
type sum struct {
	all []byte
}

func newSum() *sum {
	return &sum{}
}

// add makes room for one more part, beside all that is there already.
func (s *sum) add(part []byte) {
	s.all = append(s.all, part...)
}

func (s *sum) total() int {
	total := 0
	for _, b := range s.all {
		total += int(b)
	}
	return total
}
