package listing

import (
	"cmp"
	"sort"
	"strings"

	"github.com/microroute/microroute/internal/ascii"
)

// Column is what entries are sorted by.
type Column uint8

// The columns of a listing.
const (
	ByName Column = iota
	BySize
	ByTime
)

// String returns the name that the column has in the query of a request.
func (c Column) String() string { return [...]string{"name", "size", "time"}[c] }

// Order is how entries are sorted. Directories come before files, and names decide between equals; the zero Order is that
// of the names.
type Order struct {
	By         Column
	Descending bool
}

// ParseOrder reads the parameters sort (name, size or time) and order (asc or desc) of a request. What they do not say, or
// say in other words, is as in the zero Order.
func ParseOrder(by, order string) Order {
	o := Order{Descending: order == "desc"}
	for _, column := range [...]Column{BySize, ByTime} {
		if by == column.String() {
			o.By = column
		}
	}
	return o
}

// query returns the parameters that ParseOrder reads as o.
func (o Order) query() string {
	direction := "asc"
	if o.Descending {
		direction = "desc"
	}
	return "?sort=" + o.By.String() + "&order=" + direction
}

// toward returns the order that a choice of column leads to: the other way round if that is what o is by, else with what
// people look for first, the first name, the largest file, the latest change.
func (o Order) toward(column Column) Order {
	if o.By == column {
		return Order{column, !o.Descending}
	}
	return Order{column, column != ByName}
}

// sort sorts the entries.
func (d *Directory) sort() { sort.Sort((*byOrder)(d)) }

// byOrder sorts by way of an interface: the sort of package slices would be 8 KB more in every program.
type byOrder Directory

func (d *byOrder) Len() int      { return len(d.Entries) }
func (d *byOrder) Swap(i, j int) { d.Entries[i], d.Entries[j] = d.Entries[j], d.Entries[i] }

func (d *byOrder) Less(i, j int) bool {
	a, b := &d.Entries[i], &d.Entries[j]
	if a.IsDir != b.IsDir {
		return a.IsDir
	}
	order := 0
	switch d.Order.By {
	case BySize:
		if !a.IsDir {
			order = cmp.Compare(a.Size, b.Size)
		}
	case ByTime:
		order = a.ModTime.Compare(b.ModTime)
	default:
		order = compareNames(a.Name, b.Name)
	}
	if d.Order.Descending {
		order = -order
	}
	if order == 0 {
		order = compareNames(a.Name, b.Name)
	}
	return order < 0
}

// compareNames orders names as people do: numbers in them by their value, letters without regard to case. Names that differ
// in nothing else are in the order of their octets.
//
//	"Scan 2.png" < "scan 10.png"
func compareNames(a, b string) int {
	restA, restB := a, b
	for restA != "" && restB != "" {
		digitsA, digitsB := digits(restA), digits(restB)
		if digitsA > 0 && digitsB > 0 {
			if order := compareNumbers(restA[:digitsA], restB[:digitsB]); order != 0 {
				return order
			}
			restA, restB = restA[digitsA:], restB[digitsB:]
			continue
		}
		if order := cmp.Compare(ascii.Lower(restA[0]), ascii.Lower(restB[0])); order != 0 {
			return order
		}
		restA, restB = restA[1:], restB[1:]
	}
	return cmp.Or(cmp.Compare(len(restA), len(restB)), strings.Compare(a, b))
}

// digits returns how many digits s begins with.
func digits(s string) int {
	n := 0
	for n < len(s) && ascii.IsDigit(s[n]) {
		n++
	}
	return n
}

// compareNumbers compares two numbers of any length.
func compareNumbers(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(cmp.Compare(len(a), len(b)), strings.Compare(a, b))
}
