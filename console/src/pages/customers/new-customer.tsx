// The address of the form for a new customer.
export { NewCustomer as default } from './customer-form.tsx';
