// IsOK, as the guide's prose spells it.
#define STANDIN_IS_OK IsOK
