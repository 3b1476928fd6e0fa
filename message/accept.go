package message

import (
	"strings"

	"github.com/microroute/microroute/internal/ascii"
)

// PreferType returns the one of the offered media types that an Accept field likes best (RFC 9110 section 12.5.1), ""
// if it refuses all of them or there is no offer. The lines of a repeated field are joined with commas.
//
//	PreferType("text/html;q=0.8, application/json", "text/html", "application/json") // "application/json"
//
// The highest weight wins, then the offer that the field names most exactly (a client that lists text/html beside */*
// means something by it), then the first offer. How exactly an offer is named also decides which range gives it its
// weight: text/html;level=1, text/html, text/*, */*. A charset in a range counts only if the offer has one.
//
// Malformed members are left out; a field without any other accepts everything, as an empty one does.
func PreferType(accept string, offers ...string) string {
	best, bestWeight, bestRank := "", 0, 0
	for _, offer := range offers {
		weight, rank, known := typeWeight(accept, offer)
		if !known {
			return offer
		}
		if weight > bestWeight || weight == bestWeight && weight > 0 && rank > bestRank {
			best, bestWeight, bestRank = offer, weight, rank
		}
	}
	return best
}

// typeWeight returns the weight that the most exact range of accept gives to offer, how exact that is, and whether
// there is any range at all.
func typeWeight(accept, offer string) (weight, rank int, known bool) {
	for member := range elements(accept) {
		r, ok := parseMediaRange(member)
		if !ok {
			continue
		}
		known = true
		if n := r.matches(offer); n > rank {
			weight, rank = r.weight, n
		}
	}
	return weight, rank, known
}

// mediaRange is a member of an Accept field.
type mediaRange struct {
	mediaType  string // "text/html", "text/*" or "*/*"
	parameters string // well-formed, q among them
	weight     int    // in thousandths
}

// parseMediaRange reads a member of an Accept field. Java's HttpURLConnection sends "*; q=.2"; its star is read as */*.
func parseMediaRange(member string) (r mediaRange, ok bool) {
	mediaType, parameters, ok := cutType(member)
	if star, found := strings.CutPrefix(member, "*"); !ok && found {
		mediaType, parameters, ok = "*/*", star, true
	}
	if !ok {
		return mediaRange{}, false
	}
	r = mediaRange{mediaType, parameters, 1000}
	for rest := parameters; rest != ""; {
		var name, value string
		name, value, rest, ok = cutParameter(rest)
		if ok && ascii.EqualFold(name, "q") {
			r.weight, ok = parseWeight(value)
		}
		if !ok {
			return mediaRange{}, false
		}
	}
	return r, true
}

// matches returns how exactly r names offer: 0 not at all, 1 as */*, 2 as text/*, 3 as text/html, and one more for each
// parameter.
func (r mediaRange) matches(offer string) int {
	mediaType, parameters, _ := cutType(offer)
	kind, _, _ := strings.Cut(mediaType, "/")
	wanted, subtype, _ := strings.Cut(r.mediaType, "/")
	rank := 3
	switch {
	case r.mediaType == "*/*":
		rank = 1
	case subtype == "*" && ascii.EqualFold(kind, wanted):
		rank = 2
	case !ascii.EqualFold(mediaType, r.mediaType):
		return 0
	}
	for name, value := range (MediaType{parameters: r.parameters}).rawParams() {
		if ascii.EqualFold(name, "q") {
			continue
		}
		offered, ok := MediaType{parameters: parameters}.Param(name)
		switch {
		case ok && ascii.EqualFold(offered, ascii.Unquote(value)):
			rank++
		case ok || !ascii.EqualFold(name, "charset"):
			return 0
		}
	}
	return rank
}

// PreferCoding returns the one of the offered content codings that an Accept-Encoding field likes best (RFC 9110
// section 12.5.3): the highest weight, then the first offer. It is "identity", the content as it is, if none of them is
// welcome or identity is more so; and "" only if the field refuses identity as well ("identity;q=0" or "*;q=0").
//
//	PreferCoding("gzip;q=0.8, br", "gzip", "br") // "br"
//
// An absent field would allow any coding; for the sake of clients that know none, "" means identity, as an empty field
// does. Malformed members are left out.
func PreferCoding(acceptEncoding string, offers ...string) string {
	best, bestWeight := "", 0
	for _, offer := range offers {
		if weight := codingWeight(acceptEncoding, offer); weight > bestWeight {
			best, bestWeight = offer, weight
		}
	}
	if codingWeight(acceptEncoding, "identity") > bestWeight {
		return "identity"
	}
	return best
}

// codingWeight returns the weight that a coding has: its own, else that of "*". Identity is acceptable without being
// listed, but less than whatever is.
func codingWeight(acceptEncoding, coding string) int {
	weight := 0
	if ascii.EqualFold(coding, "identity") {
		weight = 1
	}
	for member := range elements(acceptEncoding) {
		name, w, ok := parseCoding(member)
		switch {
		case !ok:
		case sameCoding(name, coding):
			return w
		case name == "*":
			weight = w
		}
	}
	return weight
}

func parseCoding(member string) (name string, weight int, ok bool) {
	end := ascii.TokenLen(member)
	name, member = member[:end], member[end:]
	if member == "" {
		return name, 1000, name != ""
	}
	q, value, rest, ok := cutParameter(member)
	if !ok || rest != "" || !ascii.EqualFold(q, "q") {
		return "", 0, false
	}
	weight, ok = parseWeight(value)
	return name, weight, ok && name != ""
}

// sameCoding compares the names of codings, of which x-gzip and x-compress are others for gzip and compress (RFC 9110
// section 8.4.1).
func sameCoding(listed, coding string) bool {
	if ascii.EqualFold(listed, "x-gzip") || ascii.EqualFold(listed, "x-compress") {
		listed = listed[len("x-"):]
	}
	return ascii.EqualFold(listed, coding)
}

// parseWeight reads a qvalue: 0 or 1 with up to three decimals (RFC 9110 section 12.4.2), and .2 as 0.2 (see
// parseMediaRange). It returns thousandths.
func parseWeight(s string) (thousandths int, ok bool) {
	whole, decimals, _ := strings.Cut(s, ".")
	if len(whole) > 1 || len(decimals) > 3 || whole+decimals == "" {
		return 0, false
	}
	n, ok := ascii.Uint(("0" + whole) + (decimals + "000")[:3])
	return int(n), ok && n <= 1000
}
