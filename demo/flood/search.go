package main

// search looks for the title closest to a word.
type search struct {
	word     string
	row      []int
	best     string
	distance int
}

func newSearch(word string) *search {
	return &search{word: word, row: make([]int, len(word)+1), distance: 1 << 30}
}

// rank compares one title with the word, by the edits between them.
func (s *search) rank(title string) {
	for i := range s.row {
		s.row[i] = i
	}
	for i := 0; i < len(title); i++ {
		corner := s.row[0]
		s.row[0] = i + 1
		for j := 0; j < len(s.word); j++ {
			edits := corner
			if title[i] != s.word[j] {
				edits = 1 + min(corner, min(s.row[j], s.row[j+1]))
			}
			corner, s.row[j+1] = s.row[j+1], edits
		}
	}
	if distance := s.row[len(s.word)]; distance < s.distance {
		s.best, s.distance = title, distance
	}
}
