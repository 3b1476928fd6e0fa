package microroute

// Key names a value of type T that belongs to one request: middleware sets it, handlers get it.
//
//	var user = microroute.NewKey[User]("user")
//
// Two keys are different even if they have the same name. A Key may be shared between goroutines.
type Key[T any] struct{ name string }

// NewKey returns a new Key. The name is for messages.
func NewKey[T any](name string) *Key[T] { return &Key[T]{name} }

// Set keeps value for the rest of the request.
func (k *Key[T]) Set(c *Context, value T) {
	c.live()
	for i := range c.values {
		if c.values[i].key == any(k) {
			c.values[i].value = value
			return
		}
	}
	c.values = append(c.values, keyed{k, value})
}

// Get returns the value, and false if none has been set.
func (k *Key[T]) Get(c *Context) (value T, ok bool) {
	c.live()
	for i := range c.values {
		if c.values[i].key == any(k) {
			return c.values[i].value.(T), true
		}
	}
	return value, false
}

// String returns the key's name.
func (k *Key[T]) String() string { return k.name }

type keyed struct{ key, value any }
