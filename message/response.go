package message

// Response is the head of a response as its sender describes it; the protocol adds what only it knows: version, Date,
// framing and connection.
type Response struct {
	Status        int    // 100 to 999
	Reason        string // HTTP/1 only (RFC 9112 section 4); "" sends none
	Header        *Header
	ContentType   string  // sent unless Header has a Content-Type; "" sends none
	ContentLength int64   // octets of content; -1 if it is not known
	Trailer       *Header // sent behind the content (RFC 9110 section 6.5), as it is when that ends; nil for none
}
